namespace OrleansPayments.Grains.Connectors;

/// <summary>The release of an authorised charge of which nothing was taken.</summary>
/// <param name="ConnectorReference">The provider's id of the charge.</param>
public sealed record CancelRequest(OperationReference Reference, string ConnectorReference, Money Amount);
