using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>One call of the protocol: a class per call, and a line in <see cref="StripeProvider"/>.</summary>
internal interface IStripeOperation
{
    /// <summary>GET, POST or DELETE.</summary>
    string Method { get; }

    /// <summary>The path behind <c>/stripe/{account}</c>.</summary>
    string Path { get; }

    /// <summary>Which faults spoil it; null for setting up, which none does.</summary>
    Operation? Kind { get; }

    /// <summary>
    /// Checks the call without any effect and returns either an error, which an idempotency key does not remember, or the effect.
    /// </summary>
    PreparedCall Prepare(StripeCall call);
}
