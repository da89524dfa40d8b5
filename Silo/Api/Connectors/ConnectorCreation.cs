using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Idempotency;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Connectors;

/// <summary>
/// Creates a connector. Its identity is the name that the caller chose, so the idempotency key is claimed apart from it. Everything that makes the request
/// itself wrong is checked before the claim: a corrected body may use the key again.
/// </summary>
internal sealed class ConnectorCreation(IGrainFactory grains, RequestFingerprint fingerprints, IEnumerable<IPaymentProvider> providers)
{
    private const string Operation = "connectors.create";

    private readonly ImmutableSortedDictionary<string, IPaymentProvider> _providers =
        providers.ToImmutableSortedDictionary(provider => provider.Name, provider => provider, StringComparer.Ordinal);

    public async Task<IResult> CreateAsync(HttpContext http)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!IdempotencyKey.Read(http.Request).TryGet(out var key, out var problem)) return new ProblemAnswer(problem);
        var read = await RequestBody.ReadAsync(http, ConnectorRequest.Read);
        if (!read.TryGet(out var request, out problem)) return new ProblemAnswer(problem);
        if (await CheckAsync(request) is { } unacceptable) return new ProblemAnswer(unacceptable);

        var claimed = await ClaimAsync(http.Caller(), key, request);
        if (!claimed.TryGet(out var claim, out var refusal)) return new ProblemAnswer(Problem.Of(refusal));

        var command = new CreateConnector(request.Provider, request.Settings, request.Credentials, claim.CreationKey);
        var outcome = await grains.Connector(request.Name).Create(command);
        return outcome.TryGet(out var created, out refusal)
            ? JsonAnswer.Created(ConnectorBody.Of(created.Connector), ApiJson.Default.ConnectorBody, created.Replayed)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    private async Task<Problem?> CheckAsync(ConnectorRequest request)
    {
        if (!_providers.TryGetValue(request.Provider, out var provider))
        {
            return ProblemCatalogue.UnknownProvider.With($"The provider must be one of: {string.Join(", ", _providers.Keys)}.", "/provider");
        }

        if (provider.CheckCredentials(request.Credentials) is { } refusal) return Problem.Of(refusal);
        if (request.Settings.MerchantId is not { } merchantId) return null;
        return await grains.Merchant(merchantId).Get() is null
            ? ProblemCatalogue.MerchantNotFound.With("There is no such merchant.", "/merchant_id")
            : null;
    }

    private async Task<Outcome<IdempotencyClaim>> ClaimAsync(Caller caller, string? key, ConnectorRequest request)
    {
        if (key is null) return new IdempotencyClaim(RandomIdentity.Text("once_"));
        var hash = IdempotencyKeyHash.Of(caller.IdempotencyScope, Operation, key);
        return await grains.Idempotency(hash).Claim(fingerprints.Of(Operation, request.WriteCanonical));
    }
}
