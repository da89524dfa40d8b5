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
internal sealed partial class StripeProvider(ProviderHttp http) : IPaymentProvider
{
    public const string ApiVersion = "2026-07-29.dahlia";

    public string Name => "stripe";

    /// <summary>Stripe keeps idempotency keys for at least 24 hours; one less leaves room for clocks that differ.</summary>
    public TimeSpan ReplayWindow => TimeSpan.FromHours(23);

    public Refusal? CheckCredentials(ConnectorCredentials credentials) => StripeCredentials.Check(credentials);

    public Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken)
    {
        if (!StripeAmount.TryFrom(request.Amount, out var amount)) return Task.FromResult<ChargeResult>(new ChargeResult.Rejected(StripeErrors.AmountNotSupported));

        return Send<ChargeResult>(
            access,
            Post(access, "/v1/payment_intents", request.Reference.ForOperation("create"), Form(request, amount)),
            (status, body) => StripeAnswers.ToCharge(status, body, request.Reference, request.Amount, request.CaptureMethod),
            reason => new ChargeResult.NotSent(reason),
            reason => new ChargeResult.Unknown(reason),
            cancellationToken);
    }

    public Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken) =>
        inquiry.ConnectorReference is { } known
            ? Ask<ChargeResult>(
                access,
                "/v1/payment_intents/" + Uri.EscapeDataString(known),
                (status, body) => StripeAnswers.ToRetrieve(status, body, inquiry),
                reason => new ChargeResult.Unknown(reason),
                cancellationToken)
            : Ask<ChargeResult>(
                access,
                "/v1/payment_intents/search?query=" + Uri.EscapeDataString($"metadata['attempt']:'{inquiry.Reference}'"),
                (status, body) => StripeAnswers.ToSearch(status, body, inquiry),
                reason => new ChargeResult.Unknown(reason),
                cancellationToken);

    public Task<ChargeInspection> Inspect(ConnectorAccess access, string connectorReference, CancellationToken cancellationToken) =>
        Ask(
            access,
            "/v1/payment_intents/" + Uri.EscapeDataString(connectorReference),
            (status, body) => new ChargeInspection(status == HttpStatusCode.OK ? StripeEvents.ReadIntent(access.Connector, body) : null),
            _ => new ChargeInspection(Charge: null),
            cancellationToken);

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

    private Task<OperationResult> Operate(
        ConnectorAccess access,
        string intent,
        string operation,
        OperationReference reference,
        StripeForm form,
        Func<HttpStatusCode, byte[], OperationResult> read,
        CancellationToken cancellationToken) =>
        Send(
            access,
            Post(access, $"/v1/payment_intents/{Uri.EscapeDataString(intent)}/{operation}", reference.ToString(), form),
            read,
            _ => new OperationResult.NotSent(StripeErrors.Unreachable),
            reason => new OperationResult.Unknown(reason),
            cancellationToken);

    // A question that did not get there is as open as one that was not answered.
    private Task<TResult> Ask<TResult>(
        ConnectorAccess access, string pathAndQuery, Func<HttpStatusCode, byte[], TResult> read, Func<string, TResult> unanswered, CancellationToken cancellationToken) =>
        Send(access, Get(access, pathAndQuery), read, unanswered, unanswered, cancellationToken);

    private async Task<TResult> Send<TResult>(
        ConnectorAccess access,
        HttpRequestMessage message,
        Func<HttpStatusCode, byte[], TResult> read,
        Func<string, TResult> notSent,
        Func<string, TResult> lost,
        CancellationToken cancellationToken)
    {
        using (message)
        {
            var said = await http.Send(message, cancellationToken);
            if (said is ProviderAnswer.Answered whole) access.Notes.Answered(StripeTrace.Of(whole.Status, whole.Body));
            return said switch
            {
                ProviderAnswer.Answered answer => read(answer.Status, answer.Body),
                ProviderAnswer.NotSent unsent => notSent(unsent.Reason),
                ProviderAnswer.Lost unanswered => lost(unanswered.Reason),
                _ => throw new InvalidOperationException("Unknown kind of answer."),
            };
        }
    }

    private static HttpRequestMessage Post(ConnectorAccess access, string path, string idempotencyKey, StripeForm form)
    {
        var message = Request(access, HttpMethod.Post, path);
        message.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        message.Content = new WatchedContent(form.ToBytes(), "application/x-www-form-urlencoded");
        access.Notes.Sent(StripeTrace.Of(HttpMethod.Post, path, idempotencyKey, form));
        return message;
    }

    private static HttpRequestMessage Get(ConnectorAccess access, string pathAndQuery)
    {
        access.Notes.Sent(StripeTrace.Of(HttpMethod.Get, pathAndQuery, idempotencyKey: null, form: null));
        return Request(access, HttpMethod.Get, pathAndQuery);
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
            // With an address to come back to, a card that needs authentication gets a page to go to; without one nobody could follow it, and the card is declined
            // with authentication_required.
            .AddIfPresent("error_on_requires_action", string.IsNullOrEmpty(request.ReturnUrl) ? "true" : null)
            .AddIfPresent("return_url", request.ReturnUrl)
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
