namespace OrleansPayments.Silo.Api.Callbacks;

/// <summary>Tells a provider that its message needs not be sent again.</summary>
internal sealed record CallbackBody(bool Received);
