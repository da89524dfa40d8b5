using System.Security.Cryptography;
using System.Text;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Merchants;

namespace OrleansPayments.Grains.Merchants;

/// <summary>One API key, asked at each request.</summary>
[GrainType("api_key")]
internal sealed class ApiKeyGrain(IJournal journal)
    : JournaledGrain<ApiKeyState, ApiKeyEvent>(journal, MerchantJson.Default.ApiKeyEventArray), IApiKeyGrain
{
    // Where the merchant stands, as far as it told; null until it was first asked.
    private (MerchantStatus Status, int Version)? _merchant;

    public async Task<Outcome<ApiKeyView>> Issue(MerchantId merchantId, IssueApiKey command)
    {
        if (State is { } existing)
        {
            return existing.MerchantId == merchantId && existing.RequestFingerprint == command.RequestFingerprint
                ? existing.ToView()
                : new Refusal(RefusalCode.IdempotencyMismatch, "This idempotency key was used for an API key with another body.");
        }

        await Record(new ApiKeyIssued(merchantId, command.Name, command.Permissions, command.SecretHash, command.RequestFingerprint));
        return State!.ToView();
    }

    public async Task<Outcome<ApiKeyView>> Revoke()
    {
        if (State is not { } state) return new Refusal(RefusalCode.NotFound, "No such API key.");
        if (state.RevokedAt is null) await Record(new ApiKeyRevoked());
        return State!.ToView();
    }

    public Task<ApiKeyView?> Authenticate(string secretHash)
    {
        // A guessed id should not stay in memory.
        if (State is null) DeactivateOnIdle();
        if (State is not { RevokedAt: null } state || !SameHash(state.SecretHash, secretHash)) return Task.FromResult<ApiKeyView?>(null);
        return _merchant is { } merchant ? Task.FromResult<ApiKeyView?>(state.ToView(merchant.Status)) : AskAndAuthenticate();
    }

    // In memory only: a later activation asks again. The higher version is the newer word, whichever comes first.
    public Task FollowMerchant(MerchantStatus status, int version)
    {
        if (_merchant is not { } known || known.Version < version) _merchant = (status, version);
        return Task.CompletedTask;
    }

    private async Task<ApiKeyView?> AskAndAuthenticate()
    {
        if (await GrainFactory.Merchant(State!.MerchantId).Get() is not { } merchant)
            throw new InvalidDataException($"API key {State.Id} is of merchant {State.MerchantId}, which does not exist.");
        await FollowMerchant(merchant.Status, merchant.Version);

        // The key may have been revoked meanwhile.
        return State is { RevokedAt: null } state ? state.ToView(_merchant!.Value.Status) : null;
    }

    protected override ApiKeyState Apply(ApiKeyState? state, ApiKeyEvent happened, int version, DateTimeOffset at) => happened switch
    {
        ApiKeyIssued e => new ApiKeyState(
            ApiKeyId.Parse(this.GetPrimaryKeyString()), e.MerchantId, e.Name, e.Permissions, e.SecretHash, e.RequestFingerprint, at, null),
        ApiKeyRevoked when state is not null => state with { RevokedAt = at },
        _ => throw new InvalidDataException($"An API key does not take {happened.GetType().Name} here."),
    };

    private static bool SameHash(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(left), Encoding.ASCII.GetBytes(right));
}
