namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>The <c>error</c> of an answer, or the <c>last_payment_error</c> of an intent (docs.stripe.com/api/errors).</summary>
/// <param name="Type"><c>api_error</c>, <c>card_error</c>, <c>idempotency_error</c> or <c>invalid_request_error</c>.</param>
/// <param name="Message">For a person. It never repeats a value that may be card data.</param>
internal sealed record StripeError(string Type, string Message)
{
    public string? Code { get; init; }

    public string? DeclineCode { get; init; }

    public string? AdviceCode { get; init; }

    public string? Param { get; init; }

    /// <summary>The failed charge.</summary>
    public string? Charge { get; init; }

    /// <summary>The card that failed.</summary>
    public StripeCard? Card { get; init; }

    public static StripeError InvalidRequest(string message, string? code = null, string? param = null) =>
        new("invalid_request_error", message) { Code = code, Param = param };

    public static StripeError MissingParameter(string param) =>
        InvalidRequest($"Missing required param: {param}.", "parameter_missing", param);

    public static StripeError UnknownParameter(string param)
    {
        var name = Masked(param);
        return InvalidRequest($"Received unknown parameter: {name}", "parameter_unknown", name);
    }

    public static StripeError InvalidInteger(string param) =>
        InvalidRequest($"Invalid integer: {param} must be a whole number.", "parameter_invalid_integer", param);

    public static StripeError NoSuchIntent(string id) => NoSuch("payment_intent", id, "intent");

    public static StripeError NoSuch(string kind, string id, string param) =>
        InvalidRequest($"No such {kind}: '{Masked(id)}'", "resource_missing", param);

    /// <summary>A name given by the caller, made fit to repeat: shortened, its digits starred, since it may be a misplaced card number.</summary>
    public static string Masked(string given)
    {
        var name = given.Length > 80 ? given[..80] : given;
        return name.Count(char.IsAsciiDigit) < 8 || IsId(name)
            ? name
            : string.Create(name.Length, name, static (text, source) =>
            {
                for (var at = 0; at < text.Length; at++) text[at] = char.IsAsciiDigit(source[at]) ? '*' : source[at];
            });
    }

    private static bool IsId(string name) => name.Length > 3 && name[2] == '_' && name[..2] is "pi" or "ch" or "re" or "we";
}
