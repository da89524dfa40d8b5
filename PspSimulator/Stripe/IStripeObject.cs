namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>What an answer or an event may carry: one immutable state of an object of the protocol, written by <see cref="StripeJson"/>.</summary>
internal interface IStripeObject
{
    string Id { get; }
}
