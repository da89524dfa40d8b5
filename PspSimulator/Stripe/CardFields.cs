using System.Globalization;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// A card as it was sent. It holds the number and the CVC, so it lives no longer than its request and has no text form.
/// </summary>
internal sealed class CardFields
{
    private string? _number;
    private string? _expMonth;
    private string? _expYear;
    private string? _cvc;

    public bool Any => (_number ?? _expMonth ?? _expYear ?? _cvc) is not null;

    /// <summary>The first required field that was not sent; null if all were.</summary>
    public string? MissingField => this switch
    {
        { _number: null } => "number",
        { _expMonth: null } => "exp_month",
        { _expYear: null } => "exp_year",
        _ => null,
    };

    /// <param name="field">A field of the card and the closing bracket, such as <c>number]</c>.</param>
    public bool TryTake(string field, string value)
    {
        switch (field)
        {
            case "number]":
                _number = value;
                return true;
            case "exp_month]":
                _expMonth = value;
                return true;
            case "exp_year]":
                _expYear = value;
                return true;
            case "cvc]":
                _cvc = value;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The card, or why it cannot be one; the message repeats nothing of it.</summary>
    public (StripeCard? Card, CardDecline? Decline) Resolve(CardVault vault, DateTimeOffset now)
    {
        if (!CardNumber.IsPlausible(_number!)) return Refused("incorrect_number", "number", "Your card number is incorrect.");
        if (!TryNumber(_expMonth, out var month) || month is < 1 or > 12) return InvalidMonth();
        if (!TryNumber(_expYear, out var year)) return InvalidYear();
        if (year < 100) year += 2000;
        if (year < now.Year || year > now.Year + 50) return InvalidYear();
        if (year == now.Year && month < now.Month) return InvalidMonth();
        if (_cvc is not null && !(_cvc.Length is 3 or 4 && _cvc.All(char.IsAsciiDigit)))
            return Refused("invalid_cvc", "cvc", "Your card's security code is invalid.");
        return (vault.Describe(_number!, month, year, withCvc: _cvc is not null), null);
    }

    private static bool TryNumber(string? text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static (StripeCard?, CardDecline?) InvalidMonth() =>
        Refused("invalid_expiry_month", "exp_month", "Your card's expiration month is invalid.");

    private static (StripeCard?, CardDecline?) InvalidYear() =>
        Refused("invalid_expiry_year", "exp_year", "Your card's expiration year is invalid.");

    private static (StripeCard?, CardDecline?) Refused(string code, string param, string message) =>
        (null, new CardDecline(code, null, "confirm_card_data", message, param));
}
