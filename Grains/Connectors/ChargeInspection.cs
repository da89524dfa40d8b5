using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>How a charge stands, as its provider answered when it was looked up by the provider's own id.</summary>
/// <param name="Charge">As a notice would tell it; null when there was no answer, or one that makes no sense.</param>
public sealed record ChargeInspection(ChargeNotice? Charge) : ProviderResult;
