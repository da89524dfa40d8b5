using System.Globalization;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>Tells a card's network from its first digits, and what of a card may be kept.</summary>
/// <remarks>Source of the ranges: ISO/IEC 7812 issuer ranges as the networks publish them.</remarks>
public static class CardNetworks
{
    /// <summary>First match wins; bounds are inclusive and compared on as many leading digits as they have.</summary>
    private static readonly (int From, int To, string Network)[] Ranges =
    [
        (34, 34, "amex"),
        (37, 37, "amex"),
        (300, 305, "diners"),
        (36, 36, "diners"),
        (38, 39, "diners"),
        (3528, 3589, "jcb"),
        (2221, 2720, "mastercard"),
        (51, 55, "mastercard"),
        (6011, 6011, "discover"),
        (644, 649, "discover"),
        (65, 65, "discover"),
        (62, 62, "unionpay"),
        (81, 81, "unionpay"),
        (4, 4, "visa"),
    ];

    public static string NetworkOf(string number)
    {
        foreach (var (from, to, network) in Ranges)
        {
            var digits = from.ToString(CultureInfo.InvariantCulture).Length;
            var head = int.Parse(number.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
            if (head >= from && head <= to) return network;
        }

        return "unknown";
    }

    public static CardSummary Summarize(CardDetails card) =>
        new(NetworkOf(card.Number), card.Number[..6], card.Number[^4..], card.ExpiryMonth, card.ExpiryYear);
}
