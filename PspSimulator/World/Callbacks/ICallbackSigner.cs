namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>How a provider proves that a callback is its own.</summary>
internal interface ICallbackSigner
{
    /// <summary>The header that carries the signature.</summary>
    /// <param name="genuine">False signs with a secret that is not the account's.</param>
    (string Name, string Value) Sign(ReadOnlySpan<byte> body, DateTimeOffset at, bool genuine);
}
