using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansPayments.Client.Commands;

/// <summary>
/// Makes a merchant, a key and a connector to the simulator, has the simulator call back, and prints a call that takes a payment. Repeated on the same data it finds what it made before.
/// </summary>
internal static class DemoCommand
{
    public static async Task RunAsync(Uri url, Uri simulator, string adminKey, TextWriter output, CancellationToken cancellationToken)
    {
        using var admin = new PaymentsClient(url, adminKey);
        var merchant = await admin.PostAsync("/merchants", Merchant(), "demo-merchant", cancellationToken);
        var key = await admin.PostAsync($"/merchants/{merchant["id"]}/api_keys", ApiKey(), "demo-key", cancellationToken);
        await EnsureConnectorAsync(admin, simulator, cancellationToken);
        await HaveCallbacksSentAsync(url, simulator, cancellationToken);
        await output.WriteLineAsync(Curl(url, (string)key["key"]!, NameFor(simulator)));
    }

    // Not by idempotency key: the simulator may listen on another port than last time, and the connector of that time is kept as it is.
    private static async Task EnsureConnectorAsync(PaymentsClient admin, Uri simulator, CancellationToken cancellationToken)
    {
        try
        {
            await admin.PostAsync("/connectors", Connector(simulator), null, cancellationToken);
        }
        catch (PaymentsApiException e) when (e.Code == "connector_exists")
        {
            // Made by an earlier run on the same data.
        }
    }

    // The simulator forgets where callbacks go when it stops.
    private static async Task HaveCallbacksSentAsync(Uri url, Uri simulator, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var body = new JsonObject { ["url"] = new Uri(url, "/api/v1/callbacks/" + NameFor(simulator)).ToString() };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(simulator, "/control/demo/webhooks"), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static JsonObject Merchant() => new() { ["name"] = "Demo", ["country"] = "SG", ["default_currency"] = "USD" };

    private static JsonObject ApiKey() => new() { ["name"] = "demo", ["permissions"] = new JsonArray("*") };

    private static JsonObject Connector(Uri simulator) => new()
    {
        ["name"] = NameFor(simulator),
        ["provider"] = "stripe",
        ["enabled"] = true,
        ["priority"] = 1,
        ["timeout_ms"] = 5000,
        ["credentials"] = new JsonObject
        {
            ["secret_key"] = "sk_test_demo",
            ["webhook_secret"] = "whsec_demo",
            ["base_url"] = new Uri(simulator, "/stripe/demo").ToString(),
        },
        ["capabilities"] = new JsonObject { ["methods"] = new JsonArray("card"), ["currencies"] = new JsonArray("*"), ["countries"] = new JsonArray("*") },
        ["fees"] = new JsonArray(new JsonObject { ["method"] = "card", ["currency"] = "*", ["rate_bps"] = 290, ["fixed"] = 30 }),
    };

    private static string NameFor(Uri simulator) => "demo-card-" + simulator.Port.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Payment(string connector) => new()
    {
        ["amount"] = 1099,
        ["currency"] = "USD",
        ["merchant_order_id"] = "order-1001",
        ["preferred_connector"] = connector,
        ["payment_method"] = new JsonObject
        {
            ["type"] = "card",
            ["card"] = new JsonObject { ["number"] = "4242424242424242", ["exp_month"] = 12, ["exp_year"] = 2030, ["cvc"] = "123" },
        },
    };

    private static string Curl(Uri url, string key, string connector) =>
        $"""
        Make a payment:

          curl -sS {url.GetLeftPart(UriPartial.Authority)}/api/v1/payments \
            -H 'Authorization: Bearer {key}' \
            -H 'Content-Type: application/json' \
            -H "Idempotency-Key: order-$(date +%s%N)" \
            -d '{Payment(connector).ToJsonString()}'

        """;
}
