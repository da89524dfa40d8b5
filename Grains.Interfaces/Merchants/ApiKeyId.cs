using System.Diagnostics.CodeAnalysis;

namespace OrleansPayments;

/// <summary>An API key's id, not the secret: <c>key_</c> and 26 characters of base 32. The default value is no id; its <see cref="Value"/> throws.</summary>
[GenerateSerializer, Immutable, Alias("api_key_id")]
public readonly record struct ApiKeyId
{
    public const string Prefix = "key_";

    [Id(0)]
    private readonly string? _value;

    private ApiKeyId(string value) => _value = value;

    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default ApiKeyId is no id.");

    /// <param name="bits">128 bits from the injected source of identities.</param>
    public static ApiKeyId FromBits(ReadOnlySpan<byte> bits) => new(IdFormat.FromBits(Prefix, bits));

    /// <summary>The id that an idempotency key stands for: the same scope, operation and key give the same id, for ever.</summary>
    public static ApiKeyId FromIdempotencyKey(string scope, string operation, string key) =>
        new(IdFormat.FromIdentity(Prefix, scope, operation, key));

    public static bool TryParse([NotNullWhen(true)] string? text, out ApiKeyId id)
    {
        var valid = IdFormat.IsValid(Prefix, text);
        id = valid ? new ApiKeyId(text!) : default;
        return valid;
    }

    /// <exception cref="FormatException">The text is not such an id.</exception>
    public static ApiKeyId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException("Not a key_ id.");

    public override string ToString() => _value ?? "";
}
