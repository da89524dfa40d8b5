using System.Diagnostics.CodeAnalysis;

namespace OrleansPayments;

/// <summary>A replay's id: <c>rpl_</c> and 26 characters of base 32. The default value is no id; its <see cref="Value"/> throws.</summary>
[GenerateSerializer, Immutable, Alias("routing_replay_id")]
public readonly record struct RoutingReplayId
{
    public const string Prefix = "rpl_";

    [Id(0)]
    private readonly string? _value;

    private RoutingReplayId(string value) => _value = value;

    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default RoutingReplayId is no id.");

    /// <param name="bits">128 bits from the injected source of identities.</param>
    public static RoutingReplayId FromBits(ReadOnlySpan<byte> bits) => new(IdFormat.FromBits(Prefix, bits));

    /// <summary>The id that an idempotency key stands for: the same scope, operation and key give the same id, for ever.</summary>
    public static RoutingReplayId FromIdempotencyKey(string scope, string operation, string key) =>
        new(IdFormat.FromIdentity(Prefix, scope, operation, key));

    public static bool TryParse([NotNullWhen(true)] string? text, out RoutingReplayId id)
    {
        var valid = IdFormat.IsValid(Prefix, text);
        id = valid ? new RoutingReplayId(text!) : default;
        return valid;
    }

    /// <exception cref="FormatException">The text is not such an id.</exception>
    public static RoutingReplayId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException("Not a rpl_ id.");

    public override string ToString() => _value ?? "";
}
