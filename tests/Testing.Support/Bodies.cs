using System.Text.Json.Nodes;

namespace OrleansPayments.Testing.Support;

/// <summary>Request bodies as a caller would write them.</summary>
public static class Bodies
{
    public const string GoodCard = "4242424242424242";

    public static JsonObject Merchant(string name = "Test") => new() { ["name"] = name, ["country"] = "SG", ["default_currency"] = "USD" };

    public static JsonObject ApiKey(params string[] permissions) =>
        new() { ["name"] = "server", ["permissions"] = new JsonArray([.. permissions.Select(permission => JsonValue.Create(permission))]) };

    public static JsonObject Payment(string card = GoodCard, int amount = 1099, string currency = "USD", string? orderId = null) => new()
    {
        ["amount"] = amount,
        ["currency"] = currency,
        ["merchant_order_id"] = orderId,
        ["payment_method"] = new JsonObject
        {
            ["type"] = "card",
            ["card"] = new JsonObject { ["number"] = card, ["exp_month"] = 12, ["exp_year"] = 2035, ["cvc"] = "123" },
        },
    };

    /// <summary>The card of a payment's body, to change it.</summary>
    public static JsonObject CardOf(JsonObject payment) => payment["payment_method"]!["card"]!.AsObject();

    /// <param name="account">The simulator's account: a world of its own.</param>
    public static JsonObject Connector(string name, Uri simulator, string account, int timeoutMs = 5000, int firstAfterMs = 200, int notFoundFinalAfterSeconds = 20) => new()
    {
        ["name"] = name,
        ["provider"] = "stripe",
        ["enabled"] = true,
        ["priority"] = 1,
        ["timeout_ms"] = timeoutMs,
        ["credentials"] = new JsonObject
        {
            ["secret_key"] = "sk_test_" + account,
            ["webhook_secret"] = "whsec_" + account,
            ["base_url"] = new Uri(simulator, "/stripe/" + account).ToString(),
        },
        ["capabilities"] = new JsonObject { ["methods"] = new JsonArray("card"), ["currencies"] = new JsonArray("USD", "JPY", "KWD"), ["countries"] = new JsonArray("*") },
        ["fees"] = new JsonArray(new JsonObject { ["method"] = "card", ["currency"] = "*", ["rate_bps"] = 290, ["fixed"] = 30 }),
        ["health"] = new JsonObject { ["window_seconds"] = 60, ["min_calls"] = 5, ["open_below_success_rate"] = 0.5, ["open_seconds"] = 5 },
        ["inquiry"] = new JsonObject { ["first_after_ms"] = firstAfterMs, ["not_found_final_after_seconds"] = notFoundFinalAfterSeconds },
    };
}
