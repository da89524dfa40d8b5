using Orleans.Concurrency;

namespace OrleansPayments.Payments;

/// <summary>One payment. Its key is the <see cref="PaymentId"/>.</summary>
[Alias("payment")]
public interface IPaymentGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the payment, chooses a route and takes the money; called again with the same fingerprint it answers as it first did. Waits for the
    /// connector, at most its timeout; a payment whose outcome is not known then is answered as <see cref="PaymentStatus.Processing"/>.
    /// </summary>
    [Alias("create")]
    Task<Outcome<CreatePaymentResult>> Create(CreatePayment command);

    /// <summary>The payment as it stands, also while an attempt waits for its connector; null when there is none.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<PaymentView?> Get();

    /// <summary>What happened to the payment, oldest first; null when there is none.</summary>
    [AlwaysInterleave, Alias("get_traces")]
    Task<PaymentTraces?> GetTraces();

    /// <summary>How the payment came to its connector; null when there is no such payment.</summary>
    [AlwaysInterleave, Alias("get_routing")]
    Task<PaymentRouting?> GetRouting();

    /// <summary>
    /// Asks the connector after an attempt whose outcome is not known, and answers what is known then; null when there is no such payment. Waits for an attempt
    /// that runs.
    /// </summary>
    [Alias("sync")]
    Task<PaymentView?> Sync();

    /// <summary>
    /// Takes authorised funds. Waits for the connector, at most its timeout; a capture whose outcome is not known then is answered as
    /// <see cref="PaymentStatus.Processing"/> and asked after until it is. Refused with <see cref="RefusalCode.NotFound"/>, <see cref="RefusalCode.InvalidState"/>,
    /// <see cref="RefusalCode.AmountExceedsCapturable"/> or <see cref="RefusalCode.IdempotencyMismatch"/>, and then without any effect.
    /// </summary>
    [Alias("capture")]
    Task<Outcome<PaymentAnswer>> Capture(CapturePayment command);

    /// <summary>
    /// Releases authorised funds of which none was taken. Waits and answers as <see cref="Capture"/> does. Refused with <see cref="RefusalCode.NotFound"/>,
    /// <see cref="RefusalCode.InvalidState"/> or <see cref="RefusalCode.IdempotencyMismatch"/>.
    /// </summary>
    [Alias("cancel")]
    Task<Outcome<PaymentAnswer>> Cancel(CancelPayment command);

    /// <summary>
    /// Sends a payment that was only created. Waits and answers as <see cref="Create"/> does. Refused with <see cref="RefusalCode.NotFound"/>,
    /// <see cref="RefusalCode.InvalidState"/>, <see cref="RefusalCode.CardRequired"/> or <see cref="RefusalCode.IdempotencyMismatch"/>.
    /// </summary>
    [Alias("confirm")]
    Task<Outcome<PaymentAnswer>> Confirm(ConfirmPayment command);

    /// <summary>
    /// Takes in what the provider said without being asked; what it brings about is durable when this returns. Harmless when it comes twice, late, out of order, or
    /// before the answer to the charge itself, for which it does not wait.
    /// </summary>
    /// <returns>Whether it brought anything about.</returns>
    [AlwaysInterleave, Alias("notify")]
    Task<bool> Notify(ChargeNotice notice);

    /// <summary>
    /// Ends what nobody could find out about by a person's word. Refused with <see cref="RefusalCode.NotFound"/>, <see cref="RefusalCode.InvalidState"/> (there is
    /// no <see cref="WorkItem"/>, it is about another charge than the one named, or it cannot be resolved so) or <see cref="RefusalCode.IdempotencyMismatch"/>.
    /// </summary>
    [Alias("resolve")]
    Task<Outcome<PaymentAnswer>> Resolve(ResolvePayment command);
}
