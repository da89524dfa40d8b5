using System.Net;
using OrleansPayments.PspSimulator.Http;
using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>
/// The bank's 3D Secure page that <c>next_action</c> leads a customer to: a GET shows it, a POST with <c>outcome=complete</c> or
/// <c>outcome=fail</c> answers it and leads back to the intent's return URL, as Stripe's test page does.
/// </summary>
internal sealed class AuthenticationPage(SimulatedAccounts worlds, StripeAccounts accounts, Attempts attempts)
{
    private const string Path = "/authenticate/{id}";

    public void Map(IEndpointRouteBuilder account)
    {
        account.MapMethods(Path, [HttpMethods.Get], (RequestDelegate)ShowAsync);
        account.MapMethods(Path, [HttpMethods.Post], (RequestDelegate)AnswerAsync);
    }

    private async Task ShowAsync(HttpContext http)
    {
        if (Find(http) is not (_, { } intent))
        {
            await SayAsync(http, StatusCodes.Status404NotFound, "No such payment.");
            return;
        }

        await SayAsync(http, StatusCodes.Status200OK, intent.Status == PaymentIntentStatus.RequiresAction
            ? $"""
               Pay {intent.Amount} {WebUtility.HtmlEncode(intent.Currency)} (minor units)?
               <form method="post"><button name="outcome" value="complete">Complete</button> <button name="outcome" value="fail">Fail</button></form>
               """
            : $"Nothing to do: the payment is {StripeNames.Of(intent.Status)}.");
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (Find(http) is not ({ } account, { } intent))
        {
            await SayAsync(http, StatusCodes.Status404NotFound, "No such payment.");
            return;
        }

        var outcome = (await FormFields.ReadAsync(http.Request))?.Find("outcome");
        if (outcome is not ("complete" or "fail"))
        {
            await SayAsync(http, StatusCodes.Status400BadRequest, "outcome must be complete or fail.");
            return;
        }

        var after = account.Update(intent.Id, before => Decide(before, outcome == "complete")) ?? intent;
        if (after.ReturnUrl is not { } back)
        {
            await SayAsync(http, StatusCodes.Status200OK, $"The payment is {StripeNames.Of(after.Status)}.");
            return;
        }

        var result = after.LastPaymentError is null ? "succeeded" : "failed";
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = $"{back}{(back.Contains('?', StringComparison.Ordinal) ? '&' : '?')}payment_intent={after.Id}&redirect_status={result}";
    }

    private PaymentIntent Decide(PaymentIntent before, bool completed)
    {
        // A second answer, or one after a new confirmation, changes nothing.
        if (before.Status != PaymentIntentStatus.RequiresAction) return before;
        return completed ? attempts.Approve(before, before.Card!) : attempts.Decline(before, before.Card!, CardDecline.AuthenticationFailed);
    }

    private (StripeAccount? Account, PaymentIntent? Intent) Find(HttpContext http)
    {
        if (!worlds.TryGet(http.Request.RouteValues["account"] as string, out var world, out _)) return (null, null);
        var account = accounts.Of(world);
        return (account, account.Find(http.Request.RouteValues["id"] as string ?? ""));
    }

    private static Task SayAsync(HttpContext http, int status, string html)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync($"<!doctype html><html lang=\"en\"><title>3D Secure (simulated)</title><h1>3D Secure (simulated)</h1><p>{html}</p></html>");
    }
}
