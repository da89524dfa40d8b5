using System.Net;
using OrleansPayments.PspSimulator.Http;
using OrleansPayments.PspSimulator.Stripe.Operations;
using OrleansPayments.PspSimulator.World;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// The bank's 3D Secure page that <c>next_action</c> leads a payer to. A GET shows it; a POST with <c>outcome=complete</c>, <c>fail</c> or
/// <c>cancel</c> answers it and leads back to the intent's return URL. Nobody answering leaves the intent in <c>requires_action</c>.
/// </summary>
internal sealed class AuthenticationPage(
    TimeProvider time, SimulatedAccounts worlds, StripeAccounts accounts, Attempts attempts, Later later, FaultInjector faults)
{
    private const string Path = "/authenticate/{id}";
    private const string Complete = "complete";

    private readonly string _template = EmbeddedText.Read("authenticate.html");

    public void Map(IEndpointRouteBuilder account)
    {
        account.MapMethods(Path, [HttpMethods.Get], (RequestDelegate)ShowAsync);
        account.MapMethods(Path, [HttpMethods.Post], (RequestDelegate)AnswerAsync);
    }

    private Task ShowAsync(HttpContext http)
    {
        if (Find(http) is not (_, { } intent)) return SayAsync(http, StatusCodes.Status404NotFound, "No such payment.");
        if (intent.Status != PaymentIntentStatus.RequiresAction)
            return SayAsync(http, StatusCodes.Status200OK, $"Nothing to do: the payment is {StripeNames.Of(intent.Status)}.");

        return SayAsync(http, StatusCodes.Status200OK, $"Pay {intent.Amount} {intent.Currency.ToUpperInvariant()} (minor units) by {intent.Card!.Brand} ending in {intent.Card.Last4}?", asks: true);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (Find(http) is not ({ } account, { } intent))
        {
            await SayAsync(http, StatusCodes.Status404NotFound, "No such payment.");
            return;
        }

        var outcome = (await FormFields.ReadAsync(http.Request))?.Find("outcome");
        if (outcome is not (Complete or "fail" or "cancel"))
        {
            await SayAsync(http, StatusCodes.Status400BadRequest, "outcome must be complete, fail or cancel.");
            return;
        }

        // No call of the API causes this, so the events name no request.
        var cause = new StripeCause(RequestId: null, Key: null, new CallbackBatch());
        try
        {
            var after = account.Update(intent.Id, cause, before => Decide(before, outcome == Complete)) ?? intent;
            LateDecision.Await(account, after, attempts, later);
            await cause.Batch.ArriveEarlyAsync(CallbackSender.LongestEarly, time, faults.Stopping);
            await LeadBackAsync(http, after);
            await http.Response.CompleteAsync();
        }
        finally
        {
            cause.Batch.Answered();
        }
    }

    // A bank counts a canceled challenge as a failed one; and a second answer, or one after a new confirmation, changes nothing.
    private PaymentIntent Decide(PaymentIntent before, bool completed)
    {
        if (before.Status != PaymentIntentStatus.RequiresAction) return before;
        return completed ? attempts.Decide(before, before.Card!) : Attempts.FailAuthentication(before);
    }

    private Task LeadBackAsync(HttpContext http, PaymentIntent intent)
    {
        if (intent.ReturnUrl is null) return SayAsync(http, StatusCodes.Status200OK, $"The payment is {StripeNames.Of(intent.Status)}.");

        var result = intent.Status switch
        {
            PaymentIntentStatus.Succeeded or PaymentIntentStatus.RequiresCapture => "succeeded",
            PaymentIntentStatus.Processing or PaymentIntentStatus.RequiresAction => "pending",
            _ => "failed",
        };
        var back = new Uri(intent.ReturnUrl).AbsoluteUri;
        var fragment = back.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? back[at..] : "";
        var address = back[..^fragment.Length];
        var joiner = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location =
            $"{address}{joiner}payment_intent={intent.Id}&payment_intent_client_secret={intent.ClientSecret}&redirect_status={result}{fragment}";
        return Task.CompletedTask;
    }

    private (StripeAccount? Account, PaymentIntent? Intent) Find(HttpContext http)
    {
        if (!worlds.TryGet(http.Request.RouteValues["account"] as string, out var world, out _)) return (null, null);
        var account = accounts.Of(world);
        return (account, account.Find(http.Request.RouteValues["id"] as string ?? ""));
    }

    private Task SayAsync(HttpContext http, int status, string text, bool asks = false)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return http.Response.WriteAsync(_template
            .Replace("{{form}}", asks ? "" : " hidden", StringComparison.Ordinal)
            .Replace("{{text}}", WebUtility.HtmlEncode(text), StringComparison.Ordinal));
    }
}
