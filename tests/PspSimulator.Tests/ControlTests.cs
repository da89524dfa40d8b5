using System.Net;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class ControlTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("faults", """{"kind":"slow"}""", "operation")]
    [InlineData("faults", """{"operation":"create"}""", "kind")]
    [InlineData("faults", """{"operation":"pay","kind":"slow"}""", "operation")]
    [InlineData("faults", """{"operation":"create","kind":"explode"}""", "kind")]
    [InlineData("faults", """{"operation":"create","kind":7}""", "kind")]
    [InlineData("faults", """{"operation":"create","kind":"http_500","times":0}""", "times")]
    [InlineData("faults", """{"operation":"create","kind":"http_500","times":"1"}""", "times")]
    [InlineData("faults", """{"operation":"create","kind":"http_500","times":1.5}""", "times")]
    [InlineData("faults", """{"operation":"create","kind":"http_500","delay_ms":-1}""", "delay_ms")]
    [InlineData("faults", """{"operation":"create","kind":"http_500","delay_ms":600001}""", "delay_ms")]
    [InlineData("faults", """{"operation":"create","kind":"slow"}""", "delay_ms")]
    [InlineData("faults", """{"operation":"retrieve","kind":"decline"}""", "kind")]
    [InlineData("faults", """{"operation":"create","kind":"http_500","colour":"red"}""", "colour")]
    [InlineData("faults", """{"operation":"create","kind":"decline","code":"no_such_code"}""", "code")]
    [InlineData("faults", """{"operation":"create","kind":"decline","code":"card_declined"}""", "code")]
    [InlineData("faults", """{"operation":"create","kind":"decline","code":""}""", "code")]
    [InlineData("faults", """{"operation":"create","kind":"decline","code":null}""", "code")]
    [InlineData("faults", """{"operation":"create","kind":"decline","code":5}""", "code")]
    [InlineData("faults", """{"operation":"create","kind":"http_500","code":"do_not_honor"}""", "code")]
    [InlineData("faults", """{"operation":"create","kind":"slow","delay_ms":1,"code":"do_not_honor"}""", "code")]
    [InlineData("faults", """{"operation":"capture","kind":"decline","code":"do_not_honor"}""", "code")]
    [InlineData("faults", """{"operation":"cancel","kind":"decline","code":"do_not_honor"}""", "code")]
    [InlineData("faults", """{"operation":"refund","kind":"decline","code":"do_not_honor"}""", "code")]
    [InlineData("faults", """{"operation":"*","kind":"decline","code":"do_not_honor"}""", "code")]
    [InlineData("faults", """{"operation":"create","operation":"create","kind":"http_500"}""", null)]
    [InlineData("faults", "[]", null)]
    [InlineData("faults", "{", null)]
    [InlineData("faults", "", null)]
    [InlineData("latency", """{"median_ms":5}""", "p99_ms")]
    [InlineData("latency", """{"p99_ms":5}""", "median_ms")]
    [InlineData("latency", """{"median_ms":5,"p99_ms":4}""", "p99_ms")]
    [InlineData("latency", """{"median_ms":0,"p99_ms":4}""", "median_ms")]
    [InlineData("latency", """{"median_ms":-1,"p99_ms":4}""", "median_ms")]
    [InlineData("latency", """{"median_ms":1,"p99_ms":60001}""", "p99_ms")]
    [InlineData("latency", """{"median_ms":1,"p99_ms":2,"p50":1}""", "p50")]
    public async Task A_wrong_body_is_400_and_names_the_field(string path, string body, string? field)
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.ControlAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(field, reply.ErrorText("param"));
        Assert.Contains(field ?? "JSON", reply.ErrorText("message"), StringComparison.Ordinal);
        Assert.Empty(await stripe.ControlListAsync("faults"));
    }

    [Fact]
    public async Task A_fault_is_answered_with_what_was_taken()
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.ControlAsync("faults", """{"operation":"*","kind":"timeout_after"}""");

        Assert.Equal(HttpStatusCode.Created, reply.Status);
        Assert.Equal("""{"operation":"*","kind":"timeout_after","times":1,"delay_ms":0}""", reply.Body);
    }

    [Fact]
    public async Task A_decline_is_answered_and_shown_with_its_code()
    {
        using var stripe = simulator.NewAccount();
        const string Fault = """{"operation":"create","kind":"decline","times":2,"delay_ms":0,"code":"do_not_honor"}""";

        var reply = await stripe.ControlAsync("faults", Fault);

        Assert.Equal((HttpStatusCode.Created, Fault), (reply.Status, reply.Body));
        Assert.Equal(Fault, Assert.Single(await stripe.ControlListAsync("faults")).GetRawText());
    }

    [Theory]
    [InlineData("/control/a.b/charges")]
    [InlineData("/control/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/charges")]
    [InlineData("/stripe/a.b/v1/payment_intents")]
    [InlineData("/control/a/charges?limit=0")]
    [InlineData("/control/a/charges?page=2")]
    public async Task A_malformed_name_or_parameter_is_400(string path)
    {
        using var stripe = simulator.NewAccount();

        Assert.Equal(HttpStatusCode.BadRequest, (await stripe.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Requests_are_listed_as_they_came_with_key_and_status()
    {
        using var stripe = simulator.NewAccount();
        await stripe.CreateAsync(StripeClient.Charge(), "k1");
        await stripe.CreateAsync(StripeClient.Charge("4000000000000002"));
        await stripe.GetAsync($"{stripe.Intents}?limit=1");
        await stripe.PostAsync(stripe.Intents, [], "k2", new("Bearer", "wrong"));

        var rows = (await stripe.RequestsAsync()).Select(entry =>
            $"{entry.GetProperty("method")} {entry.GetProperty("path")} {entry.GetProperty("idempotency_key")} {entry.GetProperty("status")}");

        Assert.Equal([$"POST {stripe.Intents} k1 200", $"POST {stripe.Intents}  402", $"GET {stripe.Intents}  200", $"POST {stripe.Intents} k2 401"], rows);
        Assert.Equal("k2", Assert.Single(await stripe.ControlListAsync("requests?limit=1")).GetProperty("idempotency_key").GetString());
    }

    [Fact]
    public async Task Latency_slows_every_answer_until_it_is_taken_back()
    {
        using var stripe = simulator.NewAccount();
        Assert.Equal(HttpStatusCode.OK, (await stripe.ControlAsync("latency", """{"median_ms":600,"p99_ms":600}""")).Status);
        Assert.InRange(await TimeOfAsync(stripe), 590, 5_000);

        await stripe.ControlAsync("latency", """{"median_ms":0,"p99_ms":0}""");
        await TimeOfAsync(stripe);
        Assert.InRange(await TimeOfAsync(stripe), 0, 590);
    }

    [Fact]
    public async Task The_page_tells_a_person_what_is_here()
    {
        using var http = new HttpClient { BaseAddress = simulator.Address };

        var page = await http.GetStringAsync(new Uri("/", UriKind.Relative));

        foreach (var part in (string[])["sk_test_a", "whsec_a", "4000000000009995", "/control/{account}/charges", "timeout_after", "curl", $"{simulator.Address}stripe/a"])
            Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        using var stripe = simulator.NewAccount();
        var refusal = await stripe.ControlAsync("faults", """{"operation":"create","kind":"decline","code":"?"}""");
        var codes = refusal.ErrorText("message")!.TrimEnd('.').Split("one of ")[1];
        Assert.Contains(codes.Replace("generic_decline", "generic_decline (unless given)", StringComparison.Ordinal), page.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal("""{"status":"ok"}""", await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    private static async Task<double> TimeOfAsync(StripeClient stripe)
    {
        var before = TimeProvider.System.GetTimestamp();
        await stripe.CreateAsync(StripeClient.Charge());
        return TimeProvider.System.GetElapsedTime(before).TotalMilliseconds;
    }
}
