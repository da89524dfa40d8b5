using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>A question after one charge.</summary>
/// <param name="Reference">The attempt's reference, as it was sent.</param>
/// <param name="ConnectorReference">The provider's id of the charge, when it gave one.</param>
/// <param name="Amount">As it was asked for; another amount in the answer contradicts it.</param>
/// <param name="CaptureMethod">As it was asked for: funds that are only held are an answer to a manual one.</param>
public sealed record ChargeInquiry(AttemptReference Reference, string? ConnectorReference, Money Amount, CaptureMethod CaptureMethod);
