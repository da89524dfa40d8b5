using OrleansPayments.PspSimulator.Http;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// The parameters of creating and confirming a PaymentIntent, checked one by one and not yet against each other. A parameter of Stripe's
/// that the simulator does not act on is refused rather than ignored: a test that relies on it should not pass by accident.
/// </summary>
internal sealed class PaymentIntentParameters
{
    private const string CardPrefix = "payment_method_data[card][";
    private const int MaxDescriptorLength = 22;

    private readonly StripeMetadata _metadata = new();

    public long? Amount { get; private set; }

    public string? Currency { get; private set; }

    public CaptureMethod? CaptureMethod { get; private set; }

    public bool Confirm { get; private set; }

    public bool OffSession { get; private set; }

    public bool ErrorOnRequiresAction { get; private set; }

    /// <summary>The card may be captured in several parts if its network allows; null if nothing was said.</summary>
    public bool? Multicapture { get; private set; }

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

    public IReadOnlyList<KeyValuePair<string, string>> Metadata => _metadata.Pairs;

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
                Amount = StripeFields.Integer(name, value, least: 1, ref error);
                break;
            case "currency":
                Currency = StripeFields.Text(name, value, ref error);
                break;
            case "confirm":
                Confirm = StripeFields.Flag(name, value, ref error);
                break;
            case "customer":
                Customer = StripeFields.Text(name, value, ref error);
                break;
            case "description":
                Description = StripeFields.Text(name, value, ref error);
                break;
            case "statement_descriptor":
                StatementDescriptor = StripeFields.Text(name, value, ref error, MaxDescriptorLength);
                break;
            case "statement_descriptor_suffix":
                StatementDescriptorSuffix = StripeFields.Text(name, value, ref error, MaxDescriptorLength);
                break;
            case "confirmation_method":
                _ = StripeFields.OneOf(name, value, ["automatic"], ref error);
                break;
            case "automatic_payment_methods[enabled]":
                _ = StripeFields.Flag(name, value, ref error);
                break;
            case "automatic_payment_methods[allow_redirects]":
                _ = StripeFields.OneOf(name, value, ["always", "never"], ref error);
                break;
            default:
                if (!_metadata.TryTake(name, value, ref error)) return (false, null);
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
                if (StripeFields.OneOf(name, value, ["automatic", "automatic_async", "manual"], ref error) is { } method)
                    CaptureMethod = StripeNames.CaptureMethodNamed(method);
                break;
            case "off_session":
                OffSession = value is "one_off" or "recurring" || StripeFields.Flag(name, value, ref error);
                break;
            case "error_on_requires_action":
                ErrorOnRequiresAction = StripeFields.Flag(name, value, ref error);
                break;
            case "return_url":
                ReturnUrl = Url(name, value, ref error);
                break;
            case "receipt_email":
                ReceiptEmail = StripeFields.Text(name, value, ref error);
                break;
            case "setup_future_usage":
                SetupFutureUsage = StripeFields.OneOf(name, value, ["off_session", "on_session"], ref error);
                break;
            case "payment_method":
                PaymentMethod = StripeFields.Text(name, value, ref error);
                break;
            case "payment_method_options[card][request_multicapture]":
                Multicapture = StripeFields.OneOf(name, value, ["if_available", "never"], ref error) == "if_available";
                break;
            case "payment_method_options[card][request_three_d_secure]":
                // Whether a card asks for 3D Secure is the test card's own choice.
                _ = StripeFields.OneOf(name, value, ["any", "automatic", "challenge"], ref error);
                break;
            case "payment_method_data[type]":
                PaymentMethodType = StripeFields.OneOf(name, value, ["card"], ref error);
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
        if (name.StartsWith("payment_method_types[", StringComparison.Ordinal)) _ = StripeFields.OneOf(name, value, ["card"], ref error);
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

    private static string? Url(string name, string value, ref StripeError? error)
    {
        var valid = Uri.TryCreate(value, UriKind.Absolute, out var url) && value.Length <= StripeFields.MaxTextLength && url.Scheme is not ("javascript" or "data")
            && value.Contains("://", StringComparison.Ordinal);
        if (!valid) error = StripeError.InvalidRequest("Not a valid URL", "url_invalid", name);
        return value;
    }

    private static StripeError OnlyWithConfirm(string name) =>
        StripeError.InvalidRequest($"{name} can only be used with confirm=true.", param: name);
}
