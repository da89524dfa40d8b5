using OrleansPayments.PspSimulator.Http;
using OrleansPayments.PspSimulator.World;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Control;

/// <summary>What tests ask about callbacks: where they go, what becomes of them, and what became of them.</summary>
internal sealed class CallbackControl(SimulatedAccounts accounts, TimeProvider time, RandomSource random)
{
    private const int MaxTimes = 1_000_000;
    private const int MaxAgeSeconds = 31_536_000;
    private const int MaxNameLength = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        var control = new ControlRoutes(routes, accounts);
        control.Map(HttpMethods.Get, "/webhooks", (http, account) => ControlAnswer.ListAsync(http, limit => account.Callbacks.Endpoints.TakeLast(limit).ToArray(), ControlJson.Write));
        control.Map(HttpMethods.Post, "/webhooks", AddAsync);
        control.Map(HttpMethods.Delete, "/webhooks", RemoveAllAsync);
        control.Map(HttpMethods.Get, "/callbacks", (http, account) => ControlAnswer.ListAsync(http, account.Callbacks.Newest, ControlJson.Write));
        control.Map(HttpMethods.Post, "/callbacks", SetRuleAsync);
        control.Map(HttpMethods.Post, "/callbacks/release", ReleaseAsync);
        control.Map(HttpMethods.Post, "/callbacks/replay", ReplayAsync);
    }

    private async Task AddAsync(HttpContext http, Account account)
    {
        if (await ControlAnswer.ReadAsync(http) is not { } body) return;

        var url = body.Text("url", text => CallbackEndpoint.ReadUrl(text) is not null, "must be an http URL on 127.0.0.1, [::1] or localhost");
        if (ControlAnswer.Refuses(http, body)) return;

        var endpoint = new CallbackEndpoint(random.NextId("we_"), CallbackEndpoint.ReadUrl(url)!, ["*"], time.GetUtcNow());
        if (account.Callbacks.TryAdd(endpoint)) JsonAnswer.Write(http.Response, StatusCodes.Status201Created, endpoint, ControlJson.Write);
        else ControlAnswer.Refuse(http, new ControlProblem(Field: null, "Too many webhook endpoints; DELETE them first."));
    }

    private static Task RemoveAllAsync(HttpContext http, Account account)
    {
        account.Callbacks.Remove(id: null);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task SetRuleAsync(HttpContext http, Account account)
    {
        if (await ControlAnswer.ReadAsync(http) is not { } body) return;

        var mode = ControlNames.ModeNamed(body.Text("mode", ControlNames.Modes.Contains, $"must be one of {string.Join(", ", ControlNames.Modes)}"));
        var type = body.OptionalText("type", IsName, "must be an event type");
        var times = body.Integer("times", 1, MaxTimes, absent: 0);
        if (ControlAnswer.Refuses(http, body)) return;

        var rule = mode == CallbackMode.Normal ? CallbackRule.Normal : new CallbackRule(mode!.Value, type, times == 0 ? null : times);
        account.Callbacks.Rule = rule;
        JsonAnswer.Write(http.Response, StatusCodes.Status200OK, rule, ControlJson.Write);
    }

    private static async Task ReleaseAsync(HttpContext http, Account account)
    {
        if (await ControlAnswer.ReadAsync(http) is not { } body) return;

        var order = body.OptionalText("order", text => text is "as_held" or "newest_first", "must be as_held or newest_first");
        var @event = body.OptionalText("event", IsName, "must be the id of an event");
        if (ControlAnswer.Refuses(http, body)) return;

        ControlAnswer.Count(http, account.Callbacks.Release(order == "newest_first", @event));
    }

    private static async Task ReplayAsync(HttpContext http, Account account)
    {
        if (await ControlAnswer.ReadAsync(http) is not { } body) return;

        var @event = body.Text("event", IsName, "must be the id of an event");
        var age = body.Integer("age_seconds", 0, MaxAgeSeconds, absent: 0);
        var forged = body.Flag("forged", absent: false);
        if (ControlAnswer.Refuses(http, body)) return;

        var count = account.Callbacks.Replay(@event, TimeSpan.FromSeconds(age), genuine: !forged);
        if (count > 0) ControlAnswer.Count(http, count);
        else ControlAnswer.Refuse(http, new ControlProblem("event", "event is not one that was meant for an endpoint, or is no longer kept."));
    }

    private static bool IsName(string text) => text.Length is > 0 and <= MaxNameLength;
}
