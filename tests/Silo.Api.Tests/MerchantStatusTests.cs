using System.Globalization;
using System.Text.Json;
using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Merchants that are suspended, activated and closed, and what their keys may do meanwhile.</summary>
public sealed class MerchantStatusTests : HeldPaymentTests
{
    private static readonly string Unconfirmed = With(Payment, "confirm", "false");

    private static readonly string[] Statuses = ["active", "suspended", "closed"];

    // What each asks for, and how it is answered for a merchant that is active, suspended and closed.
    private static readonly (string Name, int[] Answers)[] Table =
    [
        ("create", [201, 403, 403]),
        ("create unconfirmed", [201, 403, 403]),
        ("create for it", [201, 403, 403]),
        ("create again", [201, 201, 201]),
        ("batch", [201, 403, 403]),
        ("batch again", [201, 201, 201]),
        ("confirm", [200, 403, 403]),
        ("confirm for it", [200, 403, 403]),
        ("confirm again", [200, 200, 200]),
        ("capture", [200, 200, 200]),
        ("cancel", [200, 200, 200]),
        ("read", [200, 200, 200]),
        ("list", [200, 200, 200]),
        ("sync", [200, 200, 200]),
        ("routing of it", [200, 200, 200]),
        ("simulate", [200, 200, 200]),
    ];

    public static TheoryData<string, string, int> Matrix()
    {
        var rows = new TheoryData<string, string, int>();
        foreach (var (name, answers) in Table)
        {
            for (var status = 0; status < Statuses.Length; status++) rows.Add(name, Statuses[status], answers[status]);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Only_what_begins_a_payment_needs_an_active_merchant(string operation, string status, int expected)
    {
        var held = await HeldAsync();
        var created = Text(await Host.PostAsync("/api/v1/payments", Unconfirmed, Key), "id")!;
        var confirmed = Text(await Host.PostAsync("/api/v1/payments", Unconfirmed, Key), "id")!;
        Assert.Equal(200, (await Host.PostAsync($"/api/v1/payments/{confirmed}/confirm", "{}", Key, "once")).Status);
        Assert.Equal(201, (await Host.PostAsync("/api/v1/payments", Payment, Key, "once")).Status);
        Assert.Equal("201", await BatchAsync("once"));
        await StandAsync(status);
        var before = (Host.Engine.Charges.Count, Host.Engine.Confirms.Count);

        var (code, answer) = await AskAsync(operation, held, created, confirmed);
        Assert.Equal(expected, answer);
        if (expected != 403) return;
        Assert.Equal("merchant_" + status, code);
        Assert.Equal(before, (Host.Engine.Charges.Count, Host.Engine.Confirms.Count));
    }

    [Fact]
    public async Task An_activated_merchant_pays_again()
    {
        await StandAsync("suspended");
        Assert.Equal("merchant_suspended", (await Host.PostAsync("/api/v1/payments", Payment, Key)).Code);
        await StandAsync("active");
        Assert.Equal(201, (await Host.PostAsync("/api/v1/payments", Payment, Key)).Status);
    }

    [Fact]
    public async Task A_refusal_binds_no_idempotency_key()
    {
        await StandAsync("suspended");
        Assert.Equal(403, (await Host.PostAsync("/api/v1/payments", Payment, Key, "k")).Status);
        await StandAsync("active");
        var made = await Host.PostAsync("/api/v1/payments", Payment, Key, "k");
        Assert.Equal((201, false), (made.Status, made.IsReplayed));
    }

    [Fact]
    public async Task A_validation_says_so_beside_the_route()
    {
        await StandAsync("suspended");
        var answer = await Host.PostAsync("/api/v1/payments/validate", Payment, Key);
        var error = answer.Json.GetProperty("errors").EnumerateArray().Single();
        Assert.Equal((200, false, "merchant_suspended"), (answer.Status, answer.Json.GetProperty("valid").GetBoolean(), error.GetProperty("code").GetString()));
        Assert.Equal("card-a", answer.Json.GetProperty("routing").GetProperty("chosen").GetString());
    }

    [Fact]
    public async Task A_change_is_answered_with_the_merchant_and_its_reason()
    {
        Host.Time.Now += TimeSpan.FromMinutes(1);
        var answer = await PostAsync("suspend", """{"reason":"Chargebacks"}""");
        Assert.Equal(200, answer.Status);
        Assert.Equal(
            $$"""{"id":"{{MerchantId}}","object":"merchant","name":"Demo","country":"SG","default_currency":"USD","status":"suspended","status_reason":"Chargebacks","status_changed_at":"2026-05-17T12:01:00.000000Z","version":2,"created_at":"2026-05-17T12:00:00.000000Z"}""",
            answer.Body);
        Assert.Equal(answer.Body, (await Host.GetAsync($"/api/v1/merchants/{MerchantId}")).Body);
    }

    [Fact]
    public async Task Without_a_body_there_is_no_reason()
    {
        var answer = await Host.SendAsync(HttpMethod.Post, $"/api/v1/merchants/{MerchantId}/close");
        Assert.Equal((200, "closed", JsonValueKind.Null), (answer.Status, Text(answer, "status"), answer.Json.GetProperty("status_reason").ValueKind));
    }

    [Fact]
    public async Task A_repetition_is_answered_again_even_if_the_merchant_has_moved_on()
    {
        var first = await PostAsync("suspend", """{"reason":"a"}""", "k");
        await StandAsync("active");
        var again = await PostAsync("suspend", """{ "reason": "\u0061" }""", "k");
        Assert.Equal((200, true, first.Body), (again.Status, again.IsReplayed, again.Body));
        Assert.Equal("active", Text(await Host.GetAsync($"/api/v1/merchants/{MerchantId}"), "status"));
        Assert.Equal((422, "idempotency_mismatch"), Of(await PostAsync("suspend", """{"reason":"b"}""", "k")));

        // Another operation and another merchant are told apart.
        Assert.False((await PostAsync("close", """{"reason":"a"}""", "k")).IsReplayed);
        var (other, _) = await Host.NewMerchantAsync();
        Assert.False((await Host.PostAsync($"/api/v1/merchants/{other}/suspend", """{"reason":"a"}""", idempotencyKey: "k")).IsReplayed);
    }

    [Theory]
    [InlineData("""{"reason":""}""", "invalid_value", "/reason")]
    [InlineData("""{"reason":7}""", "invalid_type", "/reason")]
    [InlineData("""{"reason":"card 4242424242424242"}""", "invalid_value", "/reason")]
    [InlineData("""{"why":"x"}""", "unknown_field", "/why")]
    public async Task A_spoilt_body_is_refused(string body, string code, string param)
    {
        foreach (var operation in (string[])["suspend", "activate", "close"])
        {
            var answer = await PostAsync(operation, body);
            Assert.Equal((400, code, param), (answer.Status, answer.Code, answer.Param));
        }

        var tooLong = await PostAsync("suspend", $$"""{"reason":"{{new string('r', 256)}}"}""");
        Assert.Equal((400, "/reason"), (tooLong.Status, tooLong.Param));
    }

    [Fact]
    public async Task Only_administrators_may_and_only_of_merchants_that_exist()
    {
        foreach (var operation in (string[])["suspend", "activate", "close"])
        {
            Assert.Equal(403, (await Host.PostAsync($"/api/v1/merchants/{MerchantId}/{operation}", "{}", Key)).Status);
            Assert.Equal(404, (await Host.PostAsync($"/api/v1/merchants/mer_{new string('0', 26)}/{operation}", "{}")).Status);
            Assert.Equal(404, (await Host.PostAsync($"/api/v1/merchants/nobody/{operation}", "{}")).Status);
        }

        Assert.Equal(403, (await Host.SendAsync(HttpMethod.Patch, $"/api/v1/merchants/{MerchantId}", """{"name":"x"}""", Key)).Status);
        Assert.Equal(404, (await Host.SendAsync(HttpMethod.Patch, "/api/v1/merchants/nobody", """{"name":"x"}""")).Status);
    }

    [Fact]
    public async Task A_closed_merchant_stays_closed()
    {
        await StandAsync("closed");
        Assert.Equal((409, "invalid_state"), Of(await PostAsync("activate", "{}")));
        Assert.Equal((409, "invalid_state"), Of(await PostAsync("suspend", "{}")));
        Assert.Equal(200, (await PostAsync("close", "{}")).Status);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names()
    {
        var answer = await PatchAsync("""{"name":"Other"}""");
        Assert.Equal((200, "Other", "SG", "USD"), (answer.Status, Text(answer, "name"), Text(answer, "country"), Text(answer, "default_currency")));
        answer = await PatchAsync("""{"country":"MY","default_currency":"JPY"}""");
        Assert.Equal(("Other", "MY", "JPY"), (Text(answer, "name"), Text(answer, "country"), Text(answer, "default_currency")));
        Assert.Equal(200, (await PatchAsync("{}")).Status);
    }

    [Theory]
    [InlineData("""{"name":null}""", "invalid_type", "/name")]
    [InlineData("""{"name":""}""", "invalid_value", "/name")]
    [InlineData("""{"country":"sg"}""", "invalid_value", "/country")]
    [InlineData("""{"default_currency":"XXX"}""", "invalid_value", "/default_currency")]
    [InlineData("""{"status":"closed"}""", "unknown_field", "/status")]
    public async Task A_spoilt_patch_is_refused(string body, string code, string param)
    {
        var answer = await PatchAsync(body);
        Assert.Equal((400, code, param), (answer.Status, answer.Code, answer.Param));
    }

    private async Task<(string? Code, int Status)> AskAsync(string operation, string held, string created, string confirmed)
    {
        if (operation.StartsWith("batch", StringComparison.Ordinal))
        {
            var result = (await BatchAsync(operation == "batch again" ? "once" : null)).Split(' ');
            return (result.ElementAtOrDefault(1), int.Parse(result[0], CultureInfo.InvariantCulture));
        }

        var answer = await (operation switch
        {
            "create" => Host.PostAsync("/api/v1/payments", Payment, Key),
            "create unconfirmed" => Host.PostAsync("/api/v1/payments", Unconfirmed, Key),
            "create for it" => Host.PostAsync("/api/v1/payments", With(Payment, "merchant_id", $"\"{MerchantId}\"")),
            "create again" => Host.PostAsync("/api/v1/payments", Payment, Key, "once"),
            "confirm" => Host.PostAsync($"/api/v1/payments/{created}/confirm", "{}", Key),
            "confirm for it" => Host.PostAsync($"/api/v1/payments/{created}/confirm", "{}"),
            "confirm again" => Host.PostAsync($"/api/v1/payments/{confirmed}/confirm", "{}", Key, "once"),
            "capture" => CaptureAsync(held, "{}"),
            "cancel" => CancelAsync(held, "{}"),
            "read" => Host.GetAsync("/api/v1/payments/" + held, Key),
            "list" => Host.GetAsync("/api/v1/payments", Key),
            "sync" => Host.GetAsync($"/api/v1/payments/{held}?sync=true", Key),
            "routing of it" => Host.GetAsync($"/api/v1/merchants/{MerchantId}/routing"),
            "simulate" => Host.PostAsync("/api/v1/routing/simulate", Payment, Key),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        });
        return (answer.Status >= 400 ? answer.Code : null, answer.Status);
    }

    private async Task<string> BatchAsync(string? key)
    {
        var answer = await Host.PostAsync("/api/v1/payments/batch", $$"""{"payments":[{{Payment}}]}""", Key, key);
        Assert.Equal(207, answer.Status);
        var result = answer.Json.GetProperty("data")[0];
        return result.TryGetProperty("error", out var error)
            ? $"{result.GetProperty("status")} {error.GetProperty("code").GetString()}"
            : $"{result.GetProperty("status")}";
    }

    private static (int, string?) Of(Answer answer) => (answer.Status, answer.Code);

    private async Task StandAsync(string status)
    {
        var operation = status switch { "active" => "activate", "suspended" => "suspend", _ => "close" };
        Assert.Equal(200, (await PostAsync(operation, "{}")).Status);
    }

    private Task<Answer> PostAsync(string operation, string body, string? key = null) =>
        Host.PostAsync($"/api/v1/merchants/{MerchantId}/{operation}", body, idempotencyKey: key);

    private Task<Answer> PatchAsync(string body) => Host.SendAsync(HttpMethod.Patch, $"/api/v1/merchants/{MerchantId}", body);
}
