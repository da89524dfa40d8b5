using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.Life;

/// <summary>Somebody who works with the provider directly, past the router; and a provider that says what a test wants it to say, rightly signed.</summary>
internal sealed class StripeDesk(Simulator simulator, string account)
{
    private static readonly HttpClient Http = new();

    /// <summary>Calls the provider's API as the owner of the account.</summary>
    /// <param name="path">Behind <c>/v1/</c>.</param>
    public async Task<JsonObject> PostAsync(string path, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(simulator.Address, $"/stripe/{account}/v1/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk_test_" + account);
        request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : throw new InvalidOperationException(text);
    }

    /// <summary>Tells the router that the charge of a payment has come to this.</summary>
    /// <returns>How the router answered.</returns>
    public async Task<HttpStatusCode> TellAsync(Uri silo, JsonObject payment, string status, int received, string? reference = null)
    {
        var id = (string)payment["id"]!;
        var amount = (int)payment["amount"]!;
        var told = new JsonObject
        {
            ["id"] = "evt_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)),
            ["object"] = "event",
            ["type"] = status == "succeeded" ? "payment_intent.succeeded" : "payment_intent.amount_capturable_updated",
            ["created"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["data"] = new JsonObject
            {
                ["object"] = new JsonObject
                {
                    ["id"] = reference ?? (string?)payment["connector_reference"] ?? "pi_surfaced",
                    ["object"] = "payment_intent",
                    ["amount"] = amount,
                    ["amount_received"] = received,
                    ["amount_capturable"] = status == "requires_capture" ? amount : 0,
                    ["currency"] = "usd",
                    ["status"] = status,
                    ["metadata"] = new JsonObject { ["payment_id"] = id, ["attempt"] = id + "-1" },
                },
            },
        }.ToJsonString();
        var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes("whsec_" + account), Encoding.UTF8.GetBytes($"{time}.{told}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(silo, "/api/v1/callbacks/" + account));
        request.Content = new StringContent(told, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Stripe-Signature", $"t={time},v1={Convert.ToHexStringLower(signature)}");
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }
}
