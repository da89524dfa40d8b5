namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>One state of a Charge, an intent's newest attempt (docs.stripe.com/api/charges/object).</summary>
internal sealed record StripeCharge : IStripeObject
{
    public required string Id { get; init; }

    public required ChargeOutcome Outcome { get; init; }

    /// <summary>What was asked for, in Stripe's minor units.</summary>
    public required long Amount { get; init; }

    public required StripeCard Card { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>From 0 to <see cref="Amount"/>.</summary>
    public long AmountCaptured { get; init; }

    /// <summary>The part of the amount that was given back without ever being captured.</summary>
    public long AmountReleased { get; init; }

    /// <summary>What refunds that did not fail gave back, from 0 to <see cref="AmountCaptured"/>.</summary>
    public long AmountRefunded { get; init; }

    /// <summary>How often some of it was captured.</summary>
    public int Captures { get; init; }

    /// <summary>When an authorization ends by itself; null for a charge that was captured with its approval or never approved.</summary>
    public DateTimeOffset? CaptureBefore { get; init; }

    /// <summary>True if it may be captured in several parts.</summary>
    public bool Multicapture { get; init; }

    /// <summary>Why it failed.</summary>
    public CardDecline? Decline { get; init; }
}
