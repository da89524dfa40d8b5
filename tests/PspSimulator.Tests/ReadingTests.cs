using System.Net;

namespace OrleansPayments.PspSimulator.Tests;

public sealed class ReadingTests(RunningSimulator simulator) : IClassFixture<RunningSimulator>
{
    [Theory]
    [InlineData("metadata['attempt']:'a2'", "a2")]
    [InlineData("metadata[\"attempt\"]:\"a2\"", "a2")]
    [InlineData("metadata['attempt']:'a2' AND status:'succeeded'", "a2")]
    [InlineData("metadata['attempt']:'a2' status:'requires_payment_method'", "")]
    [InlineData("metadata['attempt']:'a1' OR metadata['attempt']:'a3'", "a3 a1")]
    [InlineData("metadata['attempt']:'nobody'", "")]
    [InlineData("metadata['payment_id']:'pay_of_a1'", "a1")]
    [InlineData("-metadata['attempt']:'a2' AND currency:'usd'", "a3 a1")]
    [InlineData("metadata['colour']:null AND amount>=200", "a3 a2")]
    [InlineData("status:'requires_payment_method'", "a3")]
    [InlineData("amount:100", "a1")]
    [InlineData("amount:'100'", "a1")]
    [InlineData("amount>100 and amount<300", "a2")]
    [InlineData("created>1700000000", "a3 a2 a1")]
    [InlineData("created<1700000000", "")]
    [InlineData("currency:'USD'", "a3 a2 a1")]
    public async Task A_search_finds_what_its_query_says(string query, string attempts)
    {
        using var stripe = await WithThreeAsync();

        var reply = await stripe.SearchAsync(query);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("search_result", reply.Text("object"));
        Assert.Equal(attempts, Attempts(reply));
        Assert.False(reply.Json.GetProperty("has_more").GetBoolean());
    }

    [Theory]
    [InlineData("")]
    [InlineData("status")]
    [InlineData("status:succeeded")]
    [InlineData("status>'succeeded'")]
    [InlineData("status:'succeeded")]
    [InlineData("email:'a@b'")]
    [InlineData("amount~100")]
    [InlineData("metadata:'x'")]
    [InlineData("status:'a' AND status:'b' OR status:'c'")]
    [InlineData("status:'a'status:'b'")]
    public async Task A_query_that_says_nothing_clear_is_refused(string query)
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.SearchAsync(query);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("query", reply.ErrorText("param"));
    }

    [Fact]
    public async Task Search_pages_follow_each_other()
    {
        using var stripe = await WithThreeAsync();
        var query = $"{stripe.Intents}/search?limit=2&query={Uri.EscapeDataString("currency:'usd'")}";

        var first = await stripe.GetAsync(query);
        var second = await stripe.GetAsync($"{query}&page={first.Text("next_page")}");

        Assert.Equal("a3 a2", Attempts(first));
        Assert.True(first.Json.GetProperty("has_more").GetBoolean());
        Assert.Equal("a1", Attempts(second));
        Assert.Null(second.Text("next_page"));
    }

    [Fact]
    public async Task A_list_is_newest_first_and_its_pages_follow_each_other()
    {
        using var stripe = await WithThreeAsync();

        var first = await stripe.GetAsync($"{stripe.Intents}?limit=2");
        var last = first.Json.GetProperty("data")[1].GetProperty("id").GetString();
        var second = await stripe.GetAsync($"{stripe.Intents}?limit=2&starting_after={last}");

        Assert.Equal("a3 a2", Attempts(first));
        Assert.True(first.Json.GetProperty("has_more").GetBoolean());
        Assert.Equal("a1", Attempts(second));
        Assert.False(second.Json.GetProperty("has_more").GetBoolean());
    }

    [Theory]
    [InlineData("created[gte]=1700000000", "a3 a2 a1")]
    [InlineData("created[lt]=1700000000", "")]
    [InlineData("created%5Bgt%5D=1700000000&created[lte]=2000000000", "a3 a2 a1")]
    [InlineData("created[lte]=4000000000", null)]
    [InlineData("limit=0", null)]
    [InlineData("limit=101", null)]
    [InlineData("starting_after=pi_unknown", null)]
    [InlineData("colour=red", null)]
    public async Task A_list_narrows_by_creation_and_refuses_what_it_does_not_know(string parameters, string? attempts)
    {
        using var stripe = await WithThreeAsync();

        var reply = await stripe.GetAsync($"{stripe.Intents}?{parameters}");

        Assert.Equal(attempts is null ? HttpStatusCode.BadRequest : HttpStatusCode.OK, reply.Status);
        if (attempts is not null) Assert.Equal(attempts, Attempts(reply));
    }

    [Fact]
    public async Task An_unknown_intent_is_404()
    {
        using var stripe = simulator.NewAccount();

        var reply = await stripe.GetAsync($"{stripe.Intents}/pi_unknown");

        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
        Assert.Equal("resource_missing", reply.ErrorText("code"));
    }

    private static string Attempts(Reply reply) => string.Join(' ', reply.Json.GetProperty("data").EnumerateArray()
        .Select(intent => intent.GetProperty("metadata").GetProperty("attempt").GetString()));

    private async Task<StripeClient> WithThreeAsync()
    {
        var stripe = simulator.NewAccount();
        await stripe.CreateAsync(StripeClient.Charge(amount: 100, attempt: "a1"));
        await stripe.CreateAsync(StripeClient.Charge(amount: 200, attempt: "a2"));
        await stripe.CreateAsync(StripeClient.Charge("4000000000000002", amount: 300, attempt: "a3"));
        return stripe;
    }
}
