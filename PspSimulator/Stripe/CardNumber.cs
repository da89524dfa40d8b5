namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>What can be told from a card number alone.</summary>
internal static class CardNumber
{
    /// <summary>The brand of a number outside of all ranges.</summary>
    public const string UnknownBrand = "unknown";

    /// <summary>12 to 19 digits (ISO/IEC 7812) with a correct Luhn check digit.</summary>
    public static bool IsPlausible(string number)
    {
        if (number.Length is < 12 or > 19) return false;

        var sum = 0;
        for (var at = 0; at < number.Length; at++)
        {
            var digit = number[number.Length - 1 - at] - '0';
            if (digit is < 0 or > 9) return false;
            if (at % 2 == 1) digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>Stripe's name of the brand whose range the number is in; <c>unknown</c> outside of all.</summary>
    /// <param name="number">A number for which <see cref="IsPlausible"/> is true.</param>
    public static string BrandOf(string number)
    {
        var leading = 0;
        for (var at = 0; at < 4; at++) leading = (leading * 10) + (number[at] - '0');

        return leading switch
        {
            >= 4000 and <= 4999 => "visa",
            >= 5100 and <= 5599 or >= 2221 and <= 2720 => "mastercard",
            >= 3400 and <= 3499 or >= 3700 and <= 3799 => "amex",
            6011 or >= 6440 and <= 6599 => "discover",
            >= 3000 and <= 3059 or >= 3600 and <= 3699 or >= 3800 and <= 3999 => "diners",
            >= 3528 and <= 3589 => "jcb",
            >= 6200 and <= 6299 or >= 8100 and <= 8199 => "unionpay",
            _ => UnknownBrand,
        };
    }
}
