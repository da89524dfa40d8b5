namespace OrleansPayments.Grains.Connectors;

/// <summary>A message that somebody sent to a connector's callback address; nothing of it is believed yet. Not a record: it may hold anything.</summary>
public sealed class CallbackRequest
{
    /// <summary>By name, case-insensitive; a header that came several times is joined by commas.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>As it came, byte for byte: signatures are over these.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public override string ToString() => "callback";
}
