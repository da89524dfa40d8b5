using System.Net;
using System.Text;
using OrleansPayments.Grains.Connectors.Stripe;

namespace OrleansPayments.Grains.Tests.Connectors;

/// <summary>What of a call is kept for the traces: what is named, and nothing else.</summary>
public sealed class StripeTraceTests
{
    [Fact]
    public void Of_a_form_only_what_is_listed_is_noted_and_the_card_masked()
    {
        var form = new StripeForm().Add("amount", 1099).Add("payment_method_data[card][number]", "4242424242424242").Add("payment_method_data[card][cvc]", "987")
            .Add("payment_method_data[billing_details][name]", "A Holder").Add("description", "Secret wish");
        var notes = StripeTrace.Of(HttpMethod.Post, "/v1/payment_intents", "key-1", form);
        Assert.Equal(
            "method=POST path=/v1/payment_intents idempotency_key=key-1 amount=1099 card=424242******4242",
            string.Join(' ', notes.Select(note => $"{note.Key}={note.Value}")));
    }

    [Theory]
    [InlineData(200, """{"id":"pi_1","client_secret":"pi_1_secret","status":"succeeded","amount_received":1099,"latest_charge":{"id":"ch_1","status":"x"},"charges":[{"id":"y"}]}""", "http_status=200 id=pi_1 status=succeeded amount_received=1099")]
    [InlineData(402, """{"error":{"type":"card_error","code":"card_declined","decline_code":"lost_card","message":"4242","payment_intent":{"id":"pi_1"}}}""", "http_status=402 error_type=card_error error_code=card_declined error_decline_code=lost_card")]
    [InlineData(200, """{"id":"a","id":"b","status":7,"error":"text"}""", "http_status=200 id=a status=7")]
    [InlineData(500, "<html>", "http_status=500 malformed=true")]
    [InlineData(200, """{"id":"pi_1","status":""", "http_status=200 id=pi_1 malformed=true")]
    [InlineData(200, "[1]", "http_status=200")]
    [InlineData(200, "", "http_status=200 malformed=true")]
    public void Of_an_answer_only_what_is_listed_is_noted(int status, string body, string noted) =>
        Assert.Equal(noted, string.Join(' ', StripeTrace.Of((HttpStatusCode)status, Encoding.UTF8.GetBytes(body)).Select(note => $"{note.Key}={note.Value}")));
}
