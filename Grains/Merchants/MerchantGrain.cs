using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Merchants;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Merchants;

/// <summary>One merchant. Its keys are grains of their own, asked at each request; this one keeps their list, and tells them where it stands.</summary>
[GrainType("merchant")]
internal sealed partial class MerchantGrain(IJournal journal, TimeProvider time)
    : JournaledGrain<MerchantState, MerchantEvent>(journal, MerchantJson.Default.MerchantEventArray), IMerchantGrain
{
    /// <summary>The most keys that a merchant may hold unrevoked.</summary>
    public const int MaxApiKeys = 100;

    /// <summary>The most keys that a merchant may ever be issued: the list is kept for audit and must end somewhere.</summary>
    public const int MaxApiKeysEver = 10_000;

    private MerchantId Id => MerchantId.Parse(this.GetPrimaryKeyString());

    public async Task<Outcome<CreateMerchantResult>> Create(CreateMerchant command)
    {
        if (State is { } existing)
        {
            return existing.RequestFingerprint == command.RequestFingerprint
                ? new CreateMerchantResult(existing.FirstAnswer!, Replayed: true)
                : new Refusal(RefusalCode.IdempotencyMismatch, "This idempotency key was used for a merchant with another body.");
        }

        await Record(new MerchantCreated(command.Name, command.Country, command.DefaultCurrency, command.RequestFingerprint));
        return new CreateMerchantResult(State!.ToView(), Replayed: false);
    }

    public Task<MerchantView?> Get() => Task.FromResult(State?.ToView());

    public async Task<Outcome<IssueApiKeyResult>> IssueApiKey(IssueApiKey command)
    {
        if (State is not { } state) return MerchantNotFound();

        var replayed = state.ApiKeys.Any(key => key.Id == command.KeyId);
        if (!replayed && RefusalOf(state, MerchantOperation.IssueApiKey) is { } closed) return closed;
        if (!replayed && Full(state) is { } refusal) return refusal;

        // The key first: a crash in between leaves a key that nobody was told of, and its repetition finds it there.
        var issued = await GrainFactory.ApiKey(command.KeyId).Issue(Id, command);
        if (!issued.TryGet(out var key, out var refused)) return refused;
        if (!replayed) await Record(new ApiKeyListed(key.Id, key.Name, key.Permissions, key.CreatedAt));
        return new IssueApiKeyResult(key with { RevokedAt = null }, replayed);
    }

    public async Task<Outcome<ApiKeyView>> RevokeApiKey(ApiKeyId id)
    {
        if (State is not { } state) return MerchantNotFound();
        if (state.ApiKeys.All(key => key.Id != id)) return new Refusal(RefusalCode.NotFound, "This merchant has no such API key.");

        var revoked = await GrainFactory.ApiKey(id).Revoke();
        if (!revoked.TryGet(out var key, out var refused)) return refused;
        if (state.ApiKeys.Any(listed => listed.Id == id && listed.RevokedAt is null)) await Record(new ApiKeyDelisted(id, key.RevokedAt!.Value));
        return key;
    }

    public Task<ApiKeyList?> ListApiKeys() => Task.FromResult(State is { } state ? new ApiKeyList(state.ApiKeys) : null);

    public async Task<Outcome<MerchantRouting>> ConfigureRouting(RoutingConfiguration configuration)
    {
        if (State is not { } state) return MerchantNotFound();
        if (RefusalOf(state, MerchantOperation.ConfigureRouting) is { } closed) return closed;
        if (!Same(state.Routing.Configuration, configuration)) await Record(new RoutingConfigured(configuration));

        // Also when nothing changed: the first request may have died between its record and this.
        await GrainFactory.Routing().Configure(Id, State!.Routing);
        return State!.Routing;
    }

    public Task<MerchantRouting?> GetRouting() => Task.FromResult(State?.Routing);

    protected override MerchantState Apply(MerchantState? state, MerchantEvent happened, int version, DateTimeOffset at)
    {
        if (happened is MerchantCreated created)
        {
            var fresh = new MerchantState(
                Id, created.Name, created.Country, created.DefaultCurrency, created.RequestFingerprint, [], version, at,
                MerchantRouting.Default with { Country = created.Country });
            return fresh with { FirstAnswer = fresh.ToView() };
        }

        if (state is null) throw new InvalidDataException($"{happened.GetType().Name} comes before the merchant was created.");
        var next = happened switch
        {
            RoutingConfigured e => state with { Routing = new MerchantRouting(e.Configuration, version, at, state.Country) },
            MerchantUpdated e => state with
            {
                Name = e.Name ?? state.Name,
                Country = e.Country ?? state.Country,
                DefaultCurrency = e.DefaultCurrency ?? state.DefaultCurrency,
                Routing = e.Country is { } country ? state.Routing with { Country = country, Version = version } : state.Routing,
            },
            ApiKeyListed e => state with { ApiKeys = state.ApiKeys.Add(new ApiKeyView(e.KeyId, Id, e.Name, e.Permissions, e.CreatedAt, null)) },
            ApiKeyDelisted e => state with { ApiKeys = [.. state.ApiKeys.Select(key => key.Id == e.KeyId ? key with { RevokedAt = e.RevokedAt } : key)] },
            MerchantStatusEvent e => Stand(state, e, at),
            _ => throw new InvalidDataException($"A merchant does not know {happened.GetType().Name}."),
        };
        next = next with { Version = version };
        return happened is MerchantStatusEvent { Request: { } request } ? Remember(next, request) : next;
    }

    // In their stored form: lists compare by reference.
    private static bool Same(RoutingConfiguration left, RoutingConfiguration right) =>
        JsonSerializer.Serialize(left, MerchantJson.Default.RoutingConfiguration) == JsonSerializer.Serialize(right, MerchantJson.Default.RoutingConfiguration);

    private static Refusal? Full(MerchantState state)
    {
        if (state.ApiKeys.Length >= MaxApiKeysEver) return new Refusal(RefusalCode.TooManyApiKeys, $"A merchant may be issued {MaxApiKeysEver} keys in all.");
        if (state.ApiKeys.Count(key => key.RevokedAt is null) < MaxApiKeys) return null;
        return new Refusal(RefusalCode.TooManyApiKeys, $"A merchant may hold {MaxApiKeys} keys; revoke one first.");
    }

    private static Refusal MerchantNotFound() => new(RefusalCode.NotFound, "No such merchant.");
}
