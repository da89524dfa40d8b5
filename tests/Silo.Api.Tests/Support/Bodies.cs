using System.Text.Json.Nodes;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>Acceptable bodies, to be spoilt by tests.</summary>
internal static class Bodies
{
    public const string Merchant = """{"name":"Demo","country":"SG","default_currency":"USD"}""";

    public const string Card = """{"number":"4242424242424242","exp_month":12,"exp_year":2030,"cvc":"123","holder_name":"A. Payer"}""";

    public const string Payment =
        """
        {"amount":1099,"currency":"USD","merchant_order_id":"order-1001","description":"A description","customer_id":"cus_1",
         "capture_method":"automatic","confirm":true,
         "payment_method":{"type":"card","card":{"number":"4242424242424242","exp_month":12,"exp_year":2030,"cvc":"123","holder_name":"A. Payer"}},
         "preferred_connector":"card-a","return_url":"https://example.com/back?x=1","metadata":{"k":"v"},"device":{"ip":"203.0.113.7"},"billing":{"country":"SG"}}
        """;

    public const string Connector =
        """
        { "name": "card-a", "provider": "stripe", "enabled": true, "status": "enabled", "priority": 1, "timeout_ms": 2000,
          "credentials": { "secret_key": "sk_test_a", "webhook_secret": "whsec_a", "base_url": "http://127.0.0.1:8090/stripe/a" },
          "capabilities": { "methods": ["card"], "currencies": ["USD", "JPY", "KWD"], "countries": ["*"], "networks": ["visa"],
                            "amounts": [ { "currency": "USD", "min": 50, "max": 100000000 } ] },
          "fees": [ { "method": "card", "network": "visa", "currency": "*", "rate_bps": 290, "fixed": 30,
                      "effective_from": "2026-01-01T00:00:00.000000Z", "effective_until": "2027-01-01T00:00:00.000000Z" } ],
          "health": { "window_seconds": 60, "min_calls": 5, "open_below_success_rate": 0.5, "open_seconds": 5 },
          "inquiry": { "first_after_ms": 500, "not_found_final_after_seconds": 20, "give_up_after_seconds": 3600 } }
        """;

    public static string ConnectorNamed(string name) => With(Connector, "name", $"\"{name}\"");

    /// <summary>The body with one member set to a JSON value.</summary>
    /// <param name="path">Members and indices, separated by /.</param>
    public static string With(string body, string path, string json)
    {
        var root = JsonNode.Parse(body)!;
        var (parent, last) = Find(root, path);
        if (parent is JsonArray array) array[int.Parse(last, System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(json);
        else parent[last] = JsonNode.Parse(json);
        return root.ToJsonString();
    }

    public static string Without(string body, string path)
    {
        var root = JsonNode.Parse(body)!;
        var (parent, last) = Find(root, path);
        parent.AsObject().Remove(last);
        return root.ToJsonString();
    }

    private static (JsonNode Parent, string Last) Find(JsonNode root, string path)
    {
        var parts = path.Split('/');
        var node = root;
        foreach (var part in parts[..^1]) node = node is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!;
        return (node, parts[^1]);
    }
}
