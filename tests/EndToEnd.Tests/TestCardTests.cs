using System.Net;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>The provider's test cards: its word in ours.</summary>
[Collection(OneSilo.Name)]
public sealed class TestCardTests(SystemFixture system)
{
    [Theory]
    [InlineData("4000000000000002", "card_declined", "generic_decline", "try_other_method")]
    [InlineData("4000000000009995", "insufficient_funds", "insufficient_funds", "retry_later")]
    [InlineData("4000000000009987", "card_restricted", "lost_card", "do_not_retry")]
    [InlineData("4000000000009979", "card_restricted", "stolen_card", "do_not_retry")]
    [InlineData("4000000000000069", "expired_card", "expired_card", "do_not_retry")]
    [InlineData("4000000000000127", "incorrect_cvc", "incorrect_cvc", "try_other_method")]
    [InlineData("4000000000000119", "processing_error", "processing_error", "retry_later")]
    [InlineData("4000000000006975", "card_velocity_exceeded", "card_velocity_exceeded", "retry_later")]
    [InlineData("4000000000003220", "authentication_required", "authentication_not_handled", "try_other_method")]
    [InlineData("4000002760003184", "authentication_required", "authentication_not_handled", "try_other_method")]
    public async Task A_decline_is_an_answer_with_the_reason_and_an_advice(string card, string code, string connectorCode, string advice)
    {
        using var shop = await system.OpenShopAsync();
        var answer = (await shop.Api.PostAsync("/payments", Bodies.Payment(card))).Expect(HttpStatusCode.Created);

        Assert.Equal("declined", (string)answer["status"]!);
        Assert.Equal(0, (int)answer["amount_captured"]!);
        var error = answer["last_error"]!;
        Assert.Equal((code, connectorCode, advice), ((string)error["code"]!, (string?)error["connector_code"], (string)error["advice"]!));
        Assert.NotEmpty((string)error["message"]!);
        Assert.Equal(answer.Text, (await shop.Api.GetAsync("/payments/" + (string)answer["id"]!)).Expect(HttpStatusCode.OK).Text);
        Assert.Empty(await system.Simulator.ChargesAsync(shop.Account));
        Assert.Single(await system.Simulator.RequestsAsync(shop.Account));
    }

    [Theory]
    [InlineData("5555555555554444", "mastercard")]
    [InlineData("378282246310005", "amex")]
    [InlineData("6011111111111117", "discover")]
    [InlineData("3056930009020004", "diners")]
    [InlineData("3566002020360505", "jcb")]
    [InlineData("6200000000000005", "unionpay")]
    public async Task A_good_card_of_each_network_is_captured(string card, string brand)
    {
        using var shop = await system.OpenShopAsync();
        var payment = await shop.PayAsync(Bodies.Payment(card));

        Assert.Equal("captured", (string)payment["status"]!);
        var shown = payment["payment_method"]!["card"]!;
        Assert.Equal((brand, card[^4..], card[..6]), ((string)shown["brand"]!, (string)shown["last4"]!, (string)shown["bin"]!));
        Assert.DoesNotContain(card, payment.ToJsonString(), StringComparison.Ordinal);
    }
}
