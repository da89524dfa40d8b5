using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace OrleansPayments;

/// <summary>
/// A currency of ISO 4217 with its minor-unit exponent. The default value is no currency: its <see cref="Code"/> throws, so that an amount nobody gave a
/// currency to cannot be sent anywhere.
/// </summary>
/// <remarks>Source of the exponents: ISO 4217 list one (currencies in circulation). Funds codes, metals and test codes are left out on purpose.</remarks>
[GenerateSerializer, Immutable, Alias("currency")]
public readonly record struct Currency
{
    private static readonly FrozenDictionary<string, int> Exponents = BuildExponents();

    [Id(0)]
    private readonly string? _code;

    private Currency(string code) => _code = code;

    /// <summary>Three upper-case letters.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public string Code => _code ?? throw new InvalidOperationException("The default Currency is no currency.");

    /// <summary>How many decimal digits the minor unit has: JPY 0, USD 2, KWD 3.</summary>
    public int Exponent => Exponents[Code];

    /// <summary>Reads an upper-case ISO 4217 code; lower case and unknown codes are refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? code, out Currency currency)
    {
        var known = code is not null && Exponents.ContainsKey(code);
        currency = known ? new Currency(code!) : default;
        return known;
    }

    /// <exception cref="FormatException">The code is not a known ISO 4217 code in upper case.</exception>
    public static Currency Parse(string code) =>
        TryParse(code, out var currency) ? currency : throw new FormatException($"'{code}' is not an ISO 4217 currency code.");

    public override string ToString() => _code ?? "";

    private static FrozenDictionary<string, int> BuildExponents()
    {
        const string NoDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
        const string ThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";
        const string TwoDecimals =
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD "
            + "EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL "
            + "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR "
            + "SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG";
        var exponents = new Dictionary<string, int>(StringComparer.Ordinal);
        AddAll(NoDecimals, 0);
        AddAll(TwoDecimals, 2);
        AddAll(ThreeDecimals, 3);
        return exponents.ToFrozenDictionary(StringComparer.Ordinal);

        void AddAll(string codes, int exponent)
        {
            foreach (var code in codes.Split(' ')) exponents.Add(code, exponent);
        }
    }
}
