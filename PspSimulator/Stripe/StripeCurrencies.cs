using System.Collections.Frozen;
using System.Globalization;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Currencies and the amounts Stripe takes in them (docs.stripe.com/currencies).</summary>
internal static class StripeCurrencies
{
    private const string Supported =
        "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd " +
        "egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl " +
        "mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos " +
        "srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw";

    private const string Minimums =
        "usd 50 aed 200 aud 50 bgn 100 brl 50 cad 50 chf 50 czk 1500 dkk 250 eur 50 gbp 30 hkd 400 huf 17500 inr 50 jpy 50 mxn 1000 myr 200 nok 300 nzd 50 " +
        "pln 200 ron 200 sek 300 sgd 50 thb 1000";

    private const string ThreeDecimals = "bhd jod kwd omr tnd";

    // Both have no decimals any more; Stripe still counts them in hundredths and takes whole units only.
    private const string WholeUnitsInHundredths = "isk ugx";

    private const long EightDigits = 99_999_999;
    private const long TwelveDigits = 999_999_999_999;

    private static readonly FrozenDictionary<string, Rule> Rules = Build();

    /// <summary>What is wrong with charging an amount in a currency; null if nothing is.</summary>
    public static StripeError? Check(long amount, string currency)
    {
        if (!Rules.TryGetValue(currency, out var rule))
        {
            return StripeError.InvalidRequest(
                "Invalid currency: it must be one of the lower-case ISO 4217 codes at https://docs.stripe.com/currencies", param: "currency");
        }

        if (amount % rule.MultipleOf != 0)
        {
            return StripeError.InvalidRequest(
                $"Invalid amount. An amount in {currency} must be a multiple of {rule.MultipleOf}. See https://docs.stripe.com/currencies#special-cases",
                rule.MultipleOf == 100 ? "invalid_charge_amount_no_decimal_compatible" : "invalid_charge_amount",
                "amount");
        }

        if (amount < rule.Minimum)
        {
            return StripeError.InvalidRequest(
                $"Amount must be at least {rule.Minimum} in the minor unit of {currency}.", "amount_too_small", "amount");
        }

        return amount > rule.Maximum
            ? StripeError.InvalidRequest($"Amount must be no more than {rule.Maximum} in the minor unit of {currency}.", "amount_too_large", "amount")
            : null;
    }

    private static FrozenDictionary<string, Rule> Build()
    {
        var rules = Supported.Split(' ').ToDictionary(
            static code => code,
            static code => new Rule(1, code == "idr" ? TwelveDigits : EightDigits, 1),
            StringComparer.Ordinal);

        foreach (var pair in Minimums.Split(' ').Chunk(2))
            rules[pair[0]] = rules[pair[0]] with { Minimum = long.Parse(pair[1], CultureInfo.InvariantCulture) };
        foreach (var code in ThreeDecimals.Split(' ')) rules[code] = rules[code] with { MultipleOf = 10 };
        foreach (var code in WholeUnitsInHundredths.Split(' ')) rules[code] = rules[code] with { MultipleOf = 100 };
        return rules.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private sealed record Rule(long Minimum, long Maximum, long MultipleOf);
}
