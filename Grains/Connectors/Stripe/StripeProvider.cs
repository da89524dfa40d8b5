using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors.Http;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>
/// Speaks Stripe's PaymentIntents protocol: one <c>POST /v1/payment_intents</c> that creates and confirms, <c>GET</c> and search to ask after it.
/// </summary>
/// <remarks>
/// Source: docs.stripe.com/api/payment_intents, /api/idempotent_requests, /search; API version <see cref="ApiVersion"/>. Stripe has no look-up by a reference of
/// ours, so payment and attempt go into the metadata, and the search by metadata answers for a lost attempt.
/// </remarks>
internal sealed class StripeProvider(ProviderHttp http) : IPaymentProvider
{
    public const string ApiVersion = "2026-07-29.dahlia";

    public string Name => "stripe";

    /// <summary>Stripe keeps idempotency keys for at least 24 hours; one less leaves room for clocks that differ.</summary>
    public TimeSpan ReplayWindow => TimeSpan.FromHours(23);

    public Refusal? CheckCredentials(ConnectorCredentials credentials) => StripeCredentials.Check(credentials);

    public async Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken)
    {
        if (!StripeAmount.TryFrom(request.Amount, out var amount)) return new ChargeResult.Rejected(StripeErrors.AmountNotSupported);

        using var message = Request(access, HttpMethod.Post, "/v1/payment_intents");
        message.Headers.TryAddWithoutValidation("Idempotency-Key", request.Reference.ForOperation("create"));
        message.Content = new WatchedContent(Form(request, amount).ToBytes(), "application/x-www-form-urlencoded");
        return await http.Send(message, cancellationToken) switch
        {
            ProviderAnswer.Answered answer => StripeAnswers.ToCharge(answer.Status, answer.Body, request.Reference, request.Amount, request.CaptureMethod),
            ProviderAnswer.NotSent notSent => new ChargeResult.NotSent(notSent.Reason),
            ProviderAnswer.Lost lost => new ChargeResult.Unknown(lost.Reason),
            _ => throw new InvalidOperationException("Unknown kind of answer."),
        };
    }

    public async Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken)
    {
        var known = inquiry.ConnectorReference;
        var path = known is null
            ? "/v1/payment_intents/search?query=" + Uri.EscapeDataString($"metadata['attempt']:'{inquiry.Reference}'")
            : "/v1/payment_intents/" + Uri.EscapeDataString(known);
        using var message = Request(access, HttpMethod.Get, path);
        return await http.Send(message, cancellationToken) switch
        {
            ProviderAnswer.Answered answer when known is null => StripeAnswers.ToSearch(answer.Status, answer.Body, inquiry),
            ProviderAnswer.Answered answer => StripeAnswers.ToRetrieve(answer.Status, answer.Body, inquiry),
            ProviderAnswer.NotSent notSent => new ChargeResult.Unknown(notSent.Reason),
            ProviderAnswer.Lost lost => new ChargeResult.Unknown(lost.Reason),
            _ => throw new InvalidOperationException("Unknown kind of answer."),
        };
    }

    public Task<OperationResult> Capture(ConnectorAccess access, CaptureRequest request, CancellationToken cancellationToken)
    {
        if (!StripeAmount.TryFrom(request.Amount, out var amount)) return Task.FromResult<OperationResult>(new OperationResult.Refused(StripeErrors.AmountNotSupported));

        var form = new StripeForm().Add("amount_to_capture", amount);
        // Only a charge that may be captured several times knows the parameter; for others every capture is the last.
        if (!request.IsFinal) form.Add("final_capture", "false");
        return Operate(
            access, request.ConnectorReference, "capture", request.Reference, form, (status, body) => StripeAnswers.ToCapture(status, body, request), cancellationToken);
    }

    public Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken) =>
        Operate(
            access, request.ConnectorReference, "cancel", request.Reference, new StripeForm(), (status, body) => StripeAnswers.ToCancel(status, body, request), cancellationToken);

    public CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request) => throw new NotImplementedException();

    private async Task<OperationResult> Operate(
        ConnectorAccess access,
        string intent,
        string operation,
        OperationReference reference,
        StripeForm form,
        Func<HttpStatusCode, byte[], OperationResult> read,
        CancellationToken cancellationToken)
    {
        using var message = Request(access, HttpMethod.Post, $"/v1/payment_intents/{Uri.EscapeDataString(intent)}/{operation}");
        message.Headers.TryAddWithoutValidation("Idempotency-Key", reference.ToString());
        message.Content = new WatchedContent(form.ToBytes(), "application/x-www-form-urlencoded");
        return await http.Send(message, cancellationToken) switch
        {
            ProviderAnswer.Answered answer => read(answer.Status, answer.Body),
            ProviderAnswer.NotSent => new OperationResult.NotSent(StripeErrors.Unreachable),
            ProviderAnswer.Lost lost => new OperationResult.Unknown(lost.Reason),
            _ => throw new InvalidOperationException("Unknown kind of answer."),
        };
    }

    private static HttpRequestMessage Request(ConnectorAccess access, HttpMethod method, string pathAndQuery)
    {
        var credentials = StripeCredentials.From(access.Credentials);
        var message = new HttpRequestMessage(method, new Uri(credentials.BaseUrl + pathAndQuery));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credentials.SecretKey);
        message.Headers.TryAddWithoutValidation("Stripe-Version", ApiVersion);
        return message;
    }

    // Nothing here may depend on the moment: a repetition with the same idempotency key must send the same parameters, or Stripe refuses it.
    private static StripeForm Form(ChargeRequest request, long amount)
    {
        var card = request.Card;
        return new StripeForm()
            .Add("amount", amount)
            .Add("currency", StripeAmount.CurrencyOf(request.Amount))
            .Add("confirm", "true")
            .Add("capture_method", request.CaptureMethod == CaptureMethod.Automatic ? "automatic" : "manual")
            .AddIfPresent("payment_method_options[card][request_multicapture]", request.CaptureMethod == CaptureMethod.ManualMultiple ? "if_available" : null)
            // Nobody could follow a redirect in this flow: a card that needs one is declined with authentication_required.
            .Add("error_on_requires_action", "true")
            .Add("payment_method_types[0]", "card")
            .Add("payment_method_data[type]", "card")
            .Add("payment_method_data[card][number]", card.Number)
            .Add("payment_method_data[card][exp_month]", card.ExpiryMonth)
            .Add("payment_method_data[card][exp_year]", card.ExpiryYear)
            .AddIfPresent("payment_method_data[card][cvc]", card.SecurityCode)
            .AddIfPresent("payment_method_data[billing_details][name]", card.HolderName)
            .AddIfPresent("description", request.Description)
            .Add("metadata[payment_id]", request.PaymentId.Value)
            .Add("metadata[attempt]", request.Reference.ToString())
            .Add("metadata[merchant_id]", request.MerchantId.Value)
            .AddIfPresent("metadata[order_id]", request.MerchantOrderId);
    }
}
