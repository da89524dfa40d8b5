namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>
/// Amounts as Stripe counts them. Its exponents are not always those of ISO 4217, and a wrong one charges a hundred times too much or too little.
/// </summary>
/// <remarks>Source: docs.stripe.com/currencies, "Zero-decimal currencies", "Three-decimal currencies" and "Special cases".</remarks>
internal static class StripeAmount
{
    public static string CurrencyOf(Money money) => money.Currency.Code.ToLowerInvariant();

    /// <summary>False when Stripe cannot express the amount.</summary>
    public static bool TryFrom(Money money, out long amount)
    {
        var (numerator, denominator, granularity) = Scale(money.Currency.Code);
        amount = 0;
        if (money.MinorUnits % granularity != 0) return false;
        if (money.MinorUnits > long.MaxValue / numerator) return false;
        amount = money.MinorUnits * numerator / denominator;
        return true;
    }

    /// <summary>False when the amount is negative, or none that this currency knows: half an Icelandic króna is nobody's money.</summary>
    public static bool TryToMoney(long amount, Currency currency, out Money money)
    {
        var (numerator, denominator, _) = Scale(currency.Code);
        money = default;
        if (amount < 0 || amount > long.MaxValue / denominator) return false;
        if (amount * denominator % numerator != 0) return false;
        money = Money.FromMinorUnits(amount * denominator / numerator, currency);
        return true;
    }

    // Stripe's amount = minor units × numerator ÷ denominator, where the minor units are a multiple of the granularity.
    private static (long Numerator, long Denominator, long Granularity) Scale(string currency) => currency switch
    {
        // No decimals in ISO 4217, two at Stripe, which must be zero.
        "ISK" or "UGX" => (100, 1, 1),

        // Two decimals in ISO 4217, none at Stripe.
        "MGA" => (1, 100, 100),

        // Three decimals, the last of which must be zero.
        "BHD" or "JOD" or "KWD" or "OMR" or "TND" => (1, 1, 10),
        _ => (1, 1, 1),
    };
}
