using System.Globalization;
using OrleansPayments.PspSimulator.Http;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// The parameters of creating and confirming a PaymentIntent, checked one by one and not yet against each other. A parameter of Stripe's
/// that the simulator does not act on is refused rather than ignored: a test that relies on it should not pass by accident.
/// </summary>
internal sealed class PaymentIntentParameters
{
    private const string CardPrefix = "payment_method_data[card][";
    private const string MetadataPrefix = "metadata[";
    private const int MaxMetadataKeys = 50;
    private const int MaxMetadataKeyLength = 40;
    private const int MaxMetadataValueLength = 500;
    private const int MaxTextLength = 1_000;
    private const int MaxDescriptorLength = 22;

    private List<KeyValuePair<string, string>>? _metadata;

    public long? Amount { get; private set; }

    public string? Currency { get; private set; }

    public CaptureMethod? CaptureMethod { get; private set; }

    public bool Confirm { get; private set; }

    public bool OffSession { get; private set; }

    public bool ErrorOnRequiresAction { get; private set; }

    public string? ReturnUrl { get; private set; }

    public string? Customer { get; private set; }

    public string? Description { get; private set; }

    public string? ReceiptEmail { get; private set; }

    public string? SetupFutureUsage { get; private set; }

    public string? StatementDescriptor { get; private set; }

    public string? StatementDescriptorSuffix { get; private set; }

    /// <summary>The id of a test payment method.</summary>
    public string? PaymentMethod { get; private set; }

    /// <summary>The type of the payment method described in full; only <c>card</c>.</summary>
    public string? PaymentMethodType { get; private set; }

    public CardFields Card { get; } = new();

    public IReadOnlyList<KeyValuePair<string, string>> Metadata => _metadata ?? (IReadOnlyList<KeyValuePair<string, string>>)[];

    public bool HasPaymentMethod => PaymentMethod is not null || PaymentMethodType is not null;

    /// <summary>The parameters, or the first error in the order the fields came.</summary>
    /// <param name="creating">False for confirming, which takes fewer.</param>
    public static (PaymentIntentParameters Parameters, StripeError? Error) Parse(FormFields fields, bool creating)
    {
        var parameters = new PaymentIntentParameters();
        foreach (var (name, value) in fields)
        {
            var (taken, error) = parameters.TakeOfBoth(name, value);
            if (!taken && creating) (taken, error) = parameters.TakeOfCreation(name, value);
            if (!taken) error = StripeError.UnknownParameter(name);
            if (error is not null) return (parameters, error);
        }

        return (parameters, parameters.CheckTogether(creating));
    }

    private (bool Taken, StripeError? Error) TakeOfCreation(string name, string value)
    {
        StripeError? error = null;
        switch (name)
        {
            case "amount":
                Amount = Integer(name, value, ref error);
                break;
            case "currency":
                Currency = Text(name, value, MaxTextLength, ref error);
                break;
            case "confirm":
                Confirm = Flag(name, value, ref error);
                break;
            case "customer":
                Customer = Text(name, value, MaxTextLength, ref error);
                break;
            case "description":
                Description = Text(name, value, MaxTextLength, ref error);
                break;
            case "statement_descriptor":
                StatementDescriptor = Text(name, value, MaxDescriptorLength, ref error);
                break;
            case "statement_descriptor_suffix":
                StatementDescriptorSuffix = Text(name, value, MaxDescriptorLength, ref error);
                break;
            case "confirmation_method":
                _ = OneOf(name, value, ["automatic"], ref error);
                break;
            case "automatic_payment_methods[enabled]":
                _ = Flag(name, value, ref error);
                break;
            case "automatic_payment_methods[allow_redirects]":
                _ = OneOf(name, value, ["always", "never"], ref error);
                break;
            default:
                if (!name.StartsWith(MetadataPrefix, StringComparison.Ordinal) || !name.EndsWith(']')) return (false, null);
                AddMetadata(name[MetadataPrefix.Length..^1], value, ref error);
                break;
        }

        return (true, error);
    }

    private (bool Taken, StripeError? Error) TakeOfBoth(string name, string value)
    {
        StripeError? error = null;
        switch (name)
        {
            case "capture_method":
                if (OneOf(name, value, ["automatic", "automatic_async", "manual"], ref error) is { } method)
                    CaptureMethod = StripeNames.CaptureMethodNamed(method);
                break;
            case "off_session":
                OffSession = value is "one_off" or "recurring" || Flag(name, value, ref error);
                break;
            case "error_on_requires_action":
                ErrorOnRequiresAction = Flag(name, value, ref error);
                break;
            case "return_url":
                ReturnUrl = Url(name, value, ref error);
                break;
            case "receipt_email":
                ReceiptEmail = Text(name, value, MaxTextLength, ref error);
                break;
            case "setup_future_usage":
                SetupFutureUsage = OneOf(name, value, ["off_session", "on_session"], ref error);
                break;
            case "payment_method":
                PaymentMethod = Text(name, value, MaxTextLength, ref error);
                break;
            case "payment_method_data[type]":
                PaymentMethodType = OneOf(name, value, ["card"], ref error);
                break;
            default:
                return TakeOfPaymentMethod(name, value);
        }

        return (true, error);
    }

    private (bool Taken, StripeError? Error) TakeOfPaymentMethod(string name, string value)
    {
        StripeError? error = null;
        if (name.StartsWith(CardPrefix, StringComparison.Ordinal)) return (Card.TryTake(name[CardPrefix.Length..], value), null);
        if (name.StartsWith("payment_method_types[", StringComparison.Ordinal)) _ = OneOf(name, value, ["card"], ref error);
        else if (!name.StartsWith("payment_method_data[billing_details][", StringComparison.Ordinal)) return (false, null);
        return (true, error);
    }

    private StripeError? CheckTogether(bool creating)
    {
        if (creating && Amount is null) return StripeError.MissingParameter("amount");
        if (creating && Currency is null) return StripeError.MissingParameter("currency");
        if (creating && StripeCurrencies.Check(Amount!.Value, Currency!) is { } amount) return amount;
        if (PaymentMethod is not null && PaymentMethodType is not null)
        {
            return StripeError.InvalidRequest(
                "You may only specify one of these parameters: payment_method, payment_method_data.", "parameters_exclusive", "payment_method");
        }

        if (PaymentMethod is not null && TestCards.NumberBehind(PaymentMethod) is null)
            return StripeError.InvalidRequest($"No such PaymentMethod: '{StripeError.Masked(PaymentMethod)}'", "resource_missing", "payment_method");
        if (PaymentMethodType is null && Card.Any) return StripeError.MissingParameter("payment_method_data[type]");
        if (PaymentMethodType is not null && Card.MissingField is { } missing) return StripeError.MissingParameter(CardPrefix + missing + "]");
        if (creating && !Confirm && OffSession) return OnlyWithConfirm("off_session");
        if (creating && !Confirm && ErrorOnRequiresAction) return OnlyWithConfirm("error_on_requires_action");
        return creating && !Confirm && ReturnUrl is not null ? OnlyWithConfirm("return_url") : null;
    }

    private void AddMetadata(string key, string value, ref StripeError? error)
    {
        if (key.Length is 0 or > MaxMetadataKeyLength)
            error = StripeError.InvalidRequest($"Metadata keys have 1 to {MaxMetadataKeyLength} characters.", param: "metadata");
        else if (value.Length > MaxMetadataValueLength)
            error = StripeError.InvalidRequest($"Metadata values have up to {MaxMetadataValueLength} characters.", param: "metadata");
        else if (Metadata.Count == MaxMetadataKeys)
            error = StripeError.InvalidRequest($"Metadata has up to {MaxMetadataKeys} keys.", param: "metadata");
        else if (value.Length > 0)
            (_metadata ??= new(4)).Add(new(key, value));
    }

    private static long Integer(string name, string value, ref StripeError? error)
    {
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            error = value.Length == 0 ? Empty(name) : StripeError.InvalidInteger(name);
        else if (number < 1)
            error = StripeError.InvalidRequest("This value must be greater than or equal to 1.", "parameter_invalid_integer", name);
        return number;
    }

    private static bool Flag(string name, string value, ref StripeError? error)
    {
        if (value is not ("true" or "false")) error = StripeError.InvalidRequest($"Invalid boolean: {name} must be true or false.", param: name);
        return value == "true";
    }

    private static string Text(string name, string value, int maxLength, ref StripeError? error)
    {
        if (value.Length == 0) error = Empty(name);
        else if (value.Length > maxLength) error = StripeError.InvalidRequest($"Invalid {name}: it has up to {maxLength} characters.", param: name);
        return value;
    }

    private static string? Url(string name, string value, ref StripeError? error)
    {
        var valid = Uri.TryCreate(value, UriKind.Absolute, out _) && value.Length <= MaxTextLength && value.Contains("://", StringComparison.Ordinal);
        if (!valid) error = StripeError.InvalidRequest("Not a valid URL", "url_invalid", name);
        return value;
    }

    private static string? OneOf(string name, string value, ReadOnlySpan<string> allowed, ref StripeError? error)
    {
        if (allowed.Contains(value)) return value;
        error = StripeError.InvalidRequest($"Invalid {name}: this simulator takes {string.Join(", ", allowed)}.", param: name);
        return null;
    }

    private static StripeError Empty(string name) =>
        StripeError.InvalidRequest($"You passed an empty string for '{name}'.", "parameter_invalid_empty", name);

    private static StripeError OnlyWithConfirm(string name) =>
        StripeError.InvalidRequest($"{name} can only be used with confirm=true.", param: name);
}
