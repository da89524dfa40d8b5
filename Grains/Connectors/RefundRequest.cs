namespace OrleansPayments.Grains.Connectors;

/// <summary>Money to be given back of a charge.</summary>
/// <param name="Reference">Derived from attempt and refund; the same at each repetition.</param>
/// <param name="ConnectorReference">The provider's id of the charge.</param>
/// <param name="Amount">To give back now; positive.</param>
public sealed record RefundRequest(OperationReference Reference, string ConnectorReference, Money Amount);
