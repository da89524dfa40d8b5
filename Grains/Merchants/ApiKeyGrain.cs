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
        var accepted = State is { RevokedAt: null } state && SameHash(state.SecretHash, secretHash);
        return Task.FromResult(accepted ? State!.ToView() : null);
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
