namespace OrleansPayments.Silo.Api.Payments;

/// <summary>What can be told of a card without asking anybody.</summary>
internal static class CardRules
{
    public const int MinNumberLength = 12;
    public const int MaxNumberLength = 19;

    /// <summary>12 to 19 ASCII digits with a right check digit (Luhn, ISO/IEC 7812-1 annex B).</summary>
    public static bool IsNumber(string text)
    {
        if (text.Length is < MinNumberLength or > MaxNumberLength) return false;
        if (!text.All(char.IsAsciiDigit)) return false;

        var sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = text[^(i + 1)] - '0';
            var weighted = i % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0;
    }

    public static bool IsSecurityCode(string text) => text.Length is 3 or 4 && text.All(char.IsAsciiDigit);

    /// <summary>Whether the card's last month is over everywhere on earth: the last place to leave it is twelve hours behind UTC.</summary>
    public static bool HasExpired(int month, int year, DateTimeOffset now)
    {
        var latest = now.ToOffset(TimeSpan.FromHours(-12));
        if (year != latest.Year) return year < latest.Year;
        return month < latest.Month;
    }
}
