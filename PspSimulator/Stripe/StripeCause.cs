using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>What a change came from: the <c>request</c> of its events, and when they may leave.</summary>
/// <param name="RequestId">Null if no call of the API caused it.</param>
/// <param name="Key">The call's idempotency key, if it had one.</param>
internal sealed record StripeCause(string? RequestId, string? Key, CallbackBatch Batch)
{
    /// <summary>The customer, the bank or the passing of time: nobody waits for an answer.</summary>
    public static StripeCause Outside()
    {
        var batch = new CallbackBatch();
        batch.Answered();
        return new StripeCause(null, null, batch);
    }
}
