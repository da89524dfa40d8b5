using System.Globalization;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>What can be told of a card without asking anybody.</summary>
internal static class CardRules
{
    public const int MinNumberLength = 12;
    public const int MaxNumberLength = 19;

    // Twelve digits are too ordinary to be taken for a card number where none is expected.
    private const int MinSuspectLength = 13;

    /// <summary>12 to 19 ASCII digits with a right check digit (Luhn, ISO/IEC 7812-1 annex B).</summary>
    public static bool IsNumber(string text)
    {
        if (text.Length is < MinNumberLength or > MaxNumberLength) return false;
        return text.All(char.IsAsciiDigit) && HasRightCheckDigit(text);
    }

    /// <summary>
    /// Whether free text has what could be a card number: 13 to 19 digits with a right check digit, with spaces or dashes allowed between them. The number
    /// begins and ends where a group of digits does: twenty and more digits on end are something else.
    /// </summary>
    public static bool MayHaveNumber(string text)
    {
        for (var start = 0; start < text.Length; start++)
        {
            var beginsGroup = char.IsAsciiDigit(text[start]) && (start == 0 || !char.IsAsciiDigit(text[start - 1]));
            if (beginsGroup && BeginsWithNumber(text.AsSpan(start))) return true;
        }

        return false;
    }

    private static bool BeginsWithNumber(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[MaxNumberLength];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                if (count == MaxNumberLength) return false;
                digits[count++] = text[i];
                var endsGroup = i + 1 == text.Length || !char.IsAsciiDigit(text[i + 1]);
                if (endsGroup && count >= MinSuspectLength && HasRightCheckDigit(digits[..count])) return true;
            }
            else if (!IsBetweenDigits(text[i]))
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsBetweenDigits(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.SpaceSeparator or UnicodeCategory.DashPunctuation;

    private static bool HasRightCheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var weighted = i % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0;
    }

    public static bool IsSecurityCode(string text) => text.Length is 3 or 4 && text.All(char.IsAsciiDigit);

    public static Problem Expired { get; } = ProblemCatalogue.CardExpired.With("The card has expired.", "/payment_method/card/exp_year");

    /// <summary>Whether the card's last month is over everywhere on earth: the last place to leave it is twelve hours behind UTC.</summary>
    public static bool HasExpired(int month, int year, DateTimeOffset now)
    {
        var latest = now.ToOffset(TimeSpan.FromHours(-12));
        if (year != latest.Year) return year < latest.Year;
        return month < latest.Month;
    }
}
