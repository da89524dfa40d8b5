using System.Net;
using System.Text.Json;

namespace OrleansPayments.PspSimulator.Tests;

/// <summary>Every operation meets every fault: what the caller sees, what the provider did, and what the same call does again.</summary>
public sealed class FaultMatrixTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    private static readonly string[] Operations = ["create", "confirm", "capture", "cancel", "refund", "retrieve"];
    private static readonly string[] Kinds = ["timeout_before", "timeout_after", "reset_before", "reset_after", "http_500", "malformed", "decline", "slow"];

    public static TheoryData<string, string> Matrix
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (operation, kind) in Operations.SelectMany(_ => Kinds, (operation, kind) => (operation, kind)))
            {
                if ((operation, kind) is not ("retrieve", "decline")) rows.Add(operation, kind);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_fault_has_the_effect_and_the_answer_it_is_named_for(string operation, string kind)
    {
        using var stripe = simulator.NewAccount();
        var id = await PrepareAsync(stripe, operation);
        var before = await StateAsync(stripe, id);
        await stripe.InjectAsync(operation == "confirm" ? "create" : operation, kind, delayMs: kind == "slow" ? 150 : 0);
        var started = TimeProvider.System.GetTimestamp();

        var seen = await SeeAsync(stripe, operation, id, kind.StartsWith("timeout", StringComparison.Ordinal));

        Assert.Equal(Expected(operation, kind), seen);
        if (kind == "slow") Assert.True(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds >= 145);
        var effect = kind.EndsWith("after", StringComparison.Ordinal) || kind == "slow";
        if (effect && operation != "retrieve") await Wait.UntilAsync(async () => await StateAsync(stripe, id) != before);
        else Assert.Equal(before, await StateAsync(stripe, id));

        // The fault is used up. The same call again never has the effect a second time.
        Assert.Empty(await stripe.ControlListAsync("faults"));
        var again = await CallAsync(stripe, operation, id, CancellationToken.None);
        Assert.Equal((effect || kind == "decline") && operation != "retrieve" ? "true" : null, again.Header("Idempotent-Replayed"));
        var after = await StateAsync(stripe, id);
        await CallAsync(stripe, operation, id, CancellationToken.None);
        Assert.Equal(after, await StateAsync(stripe, id));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("capture")]
    [InlineData("cancel")]
    [InlineData("refund")]
    [InlineData("retrieve")]
    public async Task A_fault_of_one_operation_passes_the_others_by_and_a_star_none(string faulty)
    {
        foreach (var operation in Operations)
        {
            using var stripe = simulator.NewAccount();
            var id = await PrepareAsync(stripe, operation);
            await stripe.InjectAsync(faulty, "http_500");
            var hit = operation == faulty || (operation == "confirm" && faulty == "create");
            Assert.Equal(hit ? HttpStatusCode.InternalServerError : HttpStatusCode.OK, (await CallAsync(stripe, operation, id, CancellationToken.None)).Status);

            await stripe.DeleteAsync($"/control/{stripe.Account}/faults");
            await stripe.InjectAsync("*", "http_500");
            Assert.Equal(HttpStatusCode.InternalServerError, (await CallAsync(stripe, operation, id, CancellationToken.None)).Status);
        }
    }

    [Fact]
    public async Task Setting_up_endpoints_meets_no_fault()
    {
        using var stripe = simulator.NewAccount();
        await stripe.InjectAsync("*", "http_500");

        var reply = await stripe.PostAsync($"{stripe.Api}/webhook_endpoints", [new("url", "http://localhost:1/"), new("enabled_events[]", "*")]);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Single(await stripe.ControlListAsync("faults"));
    }

    private static string Expected(string operation, string kind) => kind switch
    {
        "timeout_before" or "timeout_after" => "silence",
        "reset_before" or "reset_after" => "reset",
        "http_500" => "500 api_error",
        "malformed" => "200 unreadable",
        "decline" => operation switch
        {
            "create" or "confirm" or "capture" => "402 card_declined",
            "cancel" => "400 payment_intent_unexpected_state",
            _ => "400 balance_insufficient",
        },
        _ => "200",
    };

    private static async Task<string> SeeAsync(StripeClient stripe, string operation, string id, bool impatient)
    {
        using var patience = new CancellationTokenSource();
        try
        {
            var call = CallAsync(stripe, operation, id, patience.Token);
            if (impatient)
            {
                await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(TimeSpan.FromMilliseconds(100)));
                await patience.CancelAsync();
            }

            var reply = await call;
            return $"{(int)reply.Status} {Meaning(reply)}".TrimEnd();
        }
        catch (OperationCanceledException)
        {
            return "silence";
        }
        catch (HttpRequestException)
        {
            return "reset";
        }
    }

    private static string? Meaning(Reply reply)
    {
        try
        {
            if (!reply.Json.TryGetProperty("error", out _)) return null;
            return reply.ErrorText("code") ?? reply.ErrorText("type");
        }
        catch (JsonException)
        {
            return "unreadable";
        }
    }

    private static Task<string> PrepareAsync(StripeClient stripe, string operation) => stripe.CreatedAsync(operation switch
    {
        "capture" or "cancel" => StripeClient.Authorization(),
        "confirm" => new Dictionary<string, string> { ["amount"] = "1099", ["currency"] = "usd" },
        _ => StripeClient.Charge(),
    });

    private static Task<Reply> CallAsync(StripeClient stripe, string operation, string id, CancellationToken cancel) => operation switch
    {
        "create" => stripe.CreateAsync(StripeClient.Charge(amount: 555), "k", cancel),
        "confirm" => stripe.ActAsync(id, "confirm", "payment_method=pm_card_visa", "k", cancel),
        "refund" => stripe.RefundAsync($"payment_intent={id}&amount=300", "k", cancel),
        "retrieve" => stripe.GetAsync($"{stripe.Intents}/{id}", cancel),
        _ => stripe.ActAsync(id, operation, key: "k", cancel: cancel),
    };

    // What the provider did with money, whatever it told of it.
    private static async Task<string> StateAsync(StripeClient stripe, string id) =>
        string.Join('\n', (await stripe.ChargesAsync()).Select(charge => charge.GetRawText())) + id;
}
