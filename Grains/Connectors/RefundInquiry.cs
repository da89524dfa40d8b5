namespace OrleansPayments.Grains.Connectors;

/// <summary>A question after one refund.</summary>
/// <param name="Reference">The refund's reference, as it was sent.</param>
/// <param name="ConnectorReference">The provider's id of the charge.</param>
/// <param name="RefundReference">The provider's id of the refund, when it gave one.</param>
/// <param name="Amount">As it was asked for; another amount in the answer contradicts it.</param>
public sealed record RefundInquiry(OperationReference Reference, string ConnectorReference, string? RefundReference, Money Amount);
