using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors;

/// <summary>
/// The adapter to one provider's wire protocol. Holds no state of a payment; every call may be repeated with the same reference without a second effect.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>As in a connector's <c>provider</c>: <c>stripe</c>.</summary>
    string Name { get; }

    /// <summary>Null when the credentials are complete and well-formed; nothing is sent.</summary>
    Refusal? CheckCredentials(ConnectorCredentials credentials);

    /// <summary>
    /// Takes the money, or holds it where the request says so. Never throws for what the network or the provider does: everything but a definite answer is <see cref="ChargeResult.Unknown"/>.
    /// </summary>
    /// <param name="cancellationToken">The attempt's deadline.</param>
    Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken);

    /// <summary>Asks what became of a charge, without any card data.</summary>
    /// <param name="cancellationToken">The inquiry's deadline.</param>
    Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken);

    /// <summary>Looks up how a charge stands now, whatever was asked of it. Never throws for what the network or the provider does.</summary>
    /// <param name="connectorReference">The provider's own id of the charge.</param>
    /// <param name="cancellationToken">The inquiry's deadline.</param>
    Task<ChargeInspection> Inspect(ConnectorAccess access, string connectorReference, CancellationToken cancellationToken);

    /// <summary>
    /// Takes authorised funds. Never throws for what the network or the provider does. Repeated with the same reference it answers what the first sending did, or does
    /// now what never arrived.
    /// </summary>
    /// <param name="cancellationToken">The operation's deadline.</param>
    Task<OperationResult> Capture(ConnectorAccess access, CaptureRequest request, CancellationToken cancellationToken);

    /// <summary>Releases authorised funds; otherwise as <see cref="Capture"/>.</summary>
    /// <param name="cancellationToken">The operation's deadline.</param>
    Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Gives money back. Never throws for what the network or the provider does. Repeated with the same reference within <see cref="ReplayWindow"/> it answers what the
    /// first sending did, or does now what never arrived; after it, only <see cref="FindRefund"/> asks without giving back twice.
    /// </summary>
    /// <param name="cancellationToken">The refund's deadline.</param>
    Task<RefundResult> Refund(ConnectorAccess access, RefundRequest request, CancellationToken cancellationToken);

    /// <summary>Asks what became of a refund.</summary>
    /// <param name="cancellationToken">The inquiry's deadline.</param>
    Task<RefundResult> FindRefund(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken);

    /// <summary>Verifies and reads a callback; sends nothing. Never throws for what a stranger may send.</summary>
    CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request);

    /// <summary>
    /// How long after an attempt began the provider still recognises its idempotency reference, so that sending the same charge again is a question and not a
    /// second charge.
    /// </summary>
    TimeSpan ReplayWindow { get; }
}
