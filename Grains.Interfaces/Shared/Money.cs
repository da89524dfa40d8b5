using System.Globalization;

namespace OrleansPayments;

/// <summary>
/// An amount of one currency in its minor unit (cents for USD, yen for JPY, fils for KWD), checked: sums that overflow or mix currencies throw.
/// The default value belongs to no currency; using its currency throws.
/// </summary>
[GenerateSerializer, Immutable, Alias("money")]
public readonly record struct Money
{
    private Money(long minorUnits, Currency currency)
    {
        MinorUnits = minorUnits;
        Currency = currency;
    }

    /// <summary>The amount in minor units; may be negative in a difference.</summary>
    [Id(0)]
    public long MinorUnits { get; private init; }

    [Id(1)]
    public Currency Currency { get; private init; }

    public static Money FromMinorUnits(long minorUnits, Currency currency)
    {
        _ = currency.Code;
        return new Money(minorUnits, currency);
    }

    public static Money Zero(Currency currency) => FromMinorUnits(0, currency);

    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The sum does not fit 64 bits.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.MinorUnits + Same(left, right).MinorUnits), left.Currency);

    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The difference does not fit 64 bits.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.MinorUnits - Same(left, right).MinorUnits), left.Currency);

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    /// <summary>The amount in major units with all its decimals, for people: <c>10.99 USD</c>, <c>1099 JPY</c>, <c>1.099 KWD</c>.</summary>
    public override string ToString()
    {
        var code = Currency.ToString();
        if (code.Length == 0) return MinorUnits.ToString(CultureInfo.InvariantCulture);

        var exponent = Currency.Exponent;
        var digits = UInt128Abs(MinorUnits).ToString(CultureInfo.InvariantCulture).PadLeft(exponent + 1, '0');
        var sign = MinorUnits < 0 ? "-" : "";
        var fraction = exponent == 0 ? "" : "." + digits[^exponent..];
        return $"{sign}{digits[..^exponent]}{fraction} {code}";
    }

    // The absolute value of long.MinValue does not fit a long.
    private static UInt128 UInt128Abs(long value) => value < 0 ? (UInt128)(-(Int128)value) : (UInt128)value;

    private static Money Same(Money left, Money right) =>
        left.Currency.Code == right.Currency.Code
            ? right
            : throw new InvalidOperationException($"{left.Currency} and {right.Currency} are different currencies.");
}
