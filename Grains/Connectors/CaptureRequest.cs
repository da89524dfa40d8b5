namespace OrleansPayments.Grains.Connectors;

/// <summary>One capture of an authorised charge.</summary>
/// <param name="ConnectorReference">The provider's id of the charge.</param>
/// <param name="Amount">To take now; positive.</param>
/// <param name="CapturedBefore">What earlier captures took.</param>
/// <param name="IsFinal">What is left after it is released.</param>
public sealed record CaptureRequest(OperationReference Reference, string ConnectorReference, Money Amount, Money CapturedBefore, bool IsFinal);
