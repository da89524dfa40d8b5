using System.Diagnostics.CodeAnalysis;

namespace OrleansPayments;

/// <summary>A merchant's id: <c>mer_</c> and 26 characters of base 32. The default value is no id; its <see cref="Value"/> throws.</summary>
[GenerateSerializer, Immutable, Alias("merchant_id")]
public readonly record struct MerchantId
{
    public const string Prefix = "mer_";

    [Id(0)]
    private readonly string? _value;

    private MerchantId(string value) => _value = value;

    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The default MerchantId is no id.");

    /// <param name="bits">128 bits from the injected source of identities.</param>
    public static MerchantId FromBits(ReadOnlySpan<byte> bits) => new(IdFormat.FromBits(Prefix, bits));

    /// <summary>The id that an idempotency key stands for: the same scope, operation and key give the same id, for ever.</summary>
    public static MerchantId FromIdempotencyKey(string scope, string operation, string key) =>
        new(IdFormat.FromIdentity(Prefix, scope, operation, key));

    public static bool TryParse([NotNullWhen(true)] string? text, out MerchantId id)
    {
        var valid = IdFormat.IsValid(Prefix, text);
        id = valid ? new MerchantId(text!) : default;
        return valid;
    }

    /// <exception cref="FormatException">The text is not such an id.</exception>
    public static MerchantId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException("Not a mer_ id.");

    public override string ToString() => _value ?? "";
}
