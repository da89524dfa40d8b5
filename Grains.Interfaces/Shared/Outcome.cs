using System.Diagnostics.CodeAnalysis;

namespace OrleansPayments;

/// <summary>
/// What an operation that may be refused came to: a value, or a <see cref="Refusal"/>. Refusals are expected; exceptions mean a bug or broken infrastructure.
/// The default value is neither and throws when looked into.
/// </summary>
[GenerateSerializer, Immutable, Alias("outcome`1")]
public readonly record struct Outcome<T>
{
    [Id(0)]
    private readonly T? _value;

    [Id(1)]
    private readonly Refusal? _refusal;

    [Id(2)]
    private readonly bool _decided;

    private Outcome(T? value, Refusal? refusal)
    {
        _value = value;
        _refusal = refusal;
        _decided = true;
    }

    /// <summary>Null when the operation succeeded.</summary>
    public Refusal? Refusal => _decided ? _refusal : throw new InvalidOperationException("The default Outcome is not decided.");

    public bool IsRefused => Refusal is not null;

    /// <exception cref="InvalidOperationException">The operation was refused.</exception>
    public T Value => Refusal is null ? _value! : throw new InvalidOperationException($"Refused: {_refusal!.Code}.");

    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = Refusal;
        value = _value;
        return refusal is null;
    }

#pragma warning disable CA2225 // Named alternates would be static members of a generic type; the conversions are the only way in.
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal ?? throw new ArgumentNullException(nameof(refusal)));
#pragma warning restore CA2225
}
