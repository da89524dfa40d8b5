using System.Globalization;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Reads parameters of the usual kinds; what is wrong with one goes to <c>error</c>.</summary>
internal static class StripeFields
{
    public const int MaxTextLength = 1_000;

    public static long Integer(string name, string value, long least, ref StripeError? error)
    {
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            error = value.Length == 0 ? Empty(name) : StripeError.InvalidInteger(name);
        else if (number < least)
            error = StripeError.InvalidRequest($"This value must be greater than or equal to {least}.", "parameter_invalid_integer", name);
        return number;
    }

    public static bool Flag(string name, string value, ref StripeError? error)
    {
        if (value is not ("true" or "false")) error = StripeError.InvalidRequest($"Invalid boolean: {name} must be true or false.", param: name);
        return value == "true";
    }

    public static string Text(string name, string value, ref StripeError? error, int maxLength = MaxTextLength)
    {
        if (value.Length == 0) error = Empty(name);
        else if (value.Length > maxLength) error = StripeError.InvalidRequest($"Invalid {name}: it has up to {maxLength} characters.", param: name);
        return value;
    }

    public static string? OneOf(string name, string value, ReadOnlySpan<string> allowed, ref StripeError? error)
    {
        if (allowed.Contains(value)) return value;
        error = StripeError.InvalidRequest($"Invalid {name}: this simulator takes {string.Join(", ", allowed)}.", param: name);
        return null;
    }

    private static StripeError Empty(string name) =>
        StripeError.InvalidRequest($"You passed an empty string for '{name}'.", "parameter_invalid_empty", name);
}
