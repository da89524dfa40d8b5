namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>One notification of a provider, whoever receives it.</summary>
/// <param name="Event">The provider's id of it.</param>
/// <param name="Type">The provider's name of what happened.</param>
/// <param name="Subject">The payment it belongs to, by the id the provider gave it: the callbacks of one subject keep their order.</param>
/// <param name="Body">The bytes that are signed and sent.</param>
internal sealed record CallbackMessage(string Event, string Type, string Subject, byte[] Body, ICallbackSigner Signer);
