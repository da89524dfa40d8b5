using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPayments.Grains.Shared.Failpoints;
using OrleansPayments.Silo.Api.Tests.Support;
using OrleansPayments.Silo.Hosting;
using OrleansPayments.Silo.Hosting.Failpoints;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Arming failpoints, and what they then do; the kill itself is in Crash.Tests.</summary>
public sealed class FailpointTests : IAsyncLifetime
{
    private const string Path = "/api/v1/failpoints";

    private static readonly PaymentId Meant = PaymentId.FromBits(new byte[16]);
    private static readonly PaymentId Other = PaymentId.FromBits([.. Enumerable.Repeat((byte)0x55, 16)]);

    private readonly ApiHost _host = new(builder => builder.Services.AddSingleton<FailpointControl>(), app => app.MapFailpoints());

    private FailpointControl Control => _host.App.Services.GetRequiredService<FailpointControl>();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Nothing_is_armed_at_the_start()
    {
        var list = await _host.GetAsync(Path);
        Assert.Equal(200, list.Status);
        Assert.Equal(
            """{"data":[{"name":"before_send","armed":null,"reached":0,"holding":[]},{"name":"after_effect","armed":null,"reached":0,"holding":[]},"""
            + """{"name":"during_commit","armed":null,"reached":0,"holding":[]},{"name":"after_commit","armed":null,"reached":0,"holding":[]}],"has_more":false}""",
            list.Body);
        Assert.True(ReachAsync(Failpoint.BeforeSend, "charge", Meant).IsCompletedSuccessfully);
        Assert.True(ReachAsync(Failpoint.AfterCommit, [Meant.Value]).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_is_meant_waits_until_it_is_let_go_and_everything_else_passes()
    {
        var armed = await PutAsync("before_send", $$"""{"action":"hold","operation":"charge","entity":"{{Meant.Value}}"}""");
        Assert.Equal((200, $$"""{"name":"before_send","armed":{"action":"hold","skip":0,"operation":"charge","entity":"{{Meant.Value}}"},"reached":0,"holding":[]}"""), (armed.Status, armed.Body));

        Assert.True(ReachAsync(Failpoint.BeforeSend, "charge", Other).IsCompletedSuccessfully);
        Assert.True(ReachAsync(Failpoint.BeforeSend, "inquiry", Meant).IsCompletedSuccessfully);
        Assert.True(ReachAsync(Failpoint.AfterEffect, "charge", Meant).IsCompletedSuccessfully);
        var held = ReachAsync(Failpoint.BeforeSend, "charge", Meant);
        Assert.False(held.IsCompleted);
        Assert.Equal($$"""[{"operation":"charge","entities":["{{Meant.Value}}"]}]""", (await PointAsync("before_send")).GetProperty("holding").GetRawText());
        Assert.Equal(1, (await PointAsync("before_send")).GetProperty("reached").GetInt32());

        // Arming anew lets nobody go.
        Assert.Equal(200, (await PutAsync("before_send", $$"""{"action":"hold","entity":"{{Other.Value}}"}""")).Status);
        Assert.False(held.IsCompleted);
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Delete, Path + "/after_effect")).Status);
        Assert.False(held.IsCompleted);
        var disarmed = await _host.SendAsync(HttpMethod.Delete, Path + "/before_send");
        Assert.Equal((200, "null"), (disarmed.Status, disarmed.Json.GetProperty("armed").GetRawText()));
        await held.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(ReachAsync(Failpoint.BeforeSend, "charge", Other).IsCompletedSuccessfully);
        Assert.Equal(0, (await PointAsync("before_send")).GetProperty("holding").GetArrayLength());
    }

    [Fact]
    public async Task A_batch_waits_when_one_of_its_entities_is_meant_and_those_before_were_let_pass()
    {
        Assert.Equal(200, (await PutAsync("during_commit", $$"""{"action":"hold","skip":1,"entity":"{{Meant.Value[..20]}}"}""")).Status);
        string[] batch = ["mer_1", Meant.Value];
        Assert.True(ReachAsync(Failpoint.DuringCommit, ["mer_1", Other.Value]).IsCompletedSuccessfully);
        Assert.True(ReachAsync(Failpoint.DuringCommit, batch).IsCompletedSuccessfully);
        var held = ReachAsync(Failpoint.DuringCommit, batch);
        Assert.False(held.IsCompleted);
        var point = await PointAsync("during_commit");
        Assert.Equal((2, $$"""[{"operation":null,"entities":["mer_1","{{Meant.Value}}"]}]"""), (point.GetProperty("reached").GetInt32(), point.GetProperty("holding").GetRawText()));

        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Delete, Path)).Status);
        await held.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(ReachAsync(Failpoint.DuringCommit, batch).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_is_held_for_too_long_goes_on()
    {
        var time = new OneTimer();
        var control = new FailpointControl(time, NullLogger<FailpointControl>.Instance);
        control[Failpoint.AfterEffect].Arm(new FailpointArming(FailpointAction.Hold, 0, null, null));
        var held = control.Reach(Failpoint.AfterEffect, "charge", Meant).AsTask();
        Assert.False(held.IsCompleted);
        Assert.Equal(FailpointControl.LongestHold, time.DueTime);
        time.Fire();
        await held.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(control[Failpoint.AfterEffect].ToBody().Holding);
    }

    [Fact]
    public async Task A_stop_in_good_order_lets_everybody_go()
    {
        Assert.Equal(200, (await PutAsync("after_effect", """{"action":"hold"}""")).Status);
        var held = ReachAsync(Failpoint.AfterEffect, "charge", Meant);
        Assert.False(held.IsCompleted);
        await _host.App.StopAsync();
        await held.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task What_waits_at_one_point_is_bounded()
    {
        Assert.Equal(200, (await PutAsync("before_send", """{"action":"hold"}""")).Status);
        var held = Enumerable.Range(0, FailpointPlace.MaxHeld).Select(_ => ReachAsync(Failpoint.BeforeSend, "charge", Meant)).ToList();
        Assert.All(held, one => Assert.False(one.IsCompleted));
        Assert.True(ReachAsync(Failpoint.BeforeSend, "charge", Meant).IsCompletedSuccessfully);
        Control.DisarmAll();
        await Task.WhenAll(held).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("before_send", "{}", "missing_field", "/action")]
    [InlineData("before_send", """{"action":"stop"}""", "invalid_value", "/action")]
    [InlineData("before_send", """{"action":1}""", "invalid_type", "/action")]
    [InlineData("before_send", """{"action":"hold","skip":-1}""", "invalid_value", "/skip")]
    [InlineData("before_send", """{"action":"hold","skip":"1"}""", "invalid_type", "/skip")]
    [InlineData("before_send", """{"action":"hold","operation":"refunded"}""", "invalid_value", "/operation")]
    [InlineData("during_commit", """{"action":"hold","operation":"charge"}""", "invalid_value", "/operation")]
    [InlineData("after_commit", """{"action":"kill","operation":"charge"}""", "invalid_value", "/operation")]
    [InlineData("before_send", """{"action":"hold","entity":"mer_1"}""", "invalid_value", "/entity")]
    [InlineData("before_send", """{"action":"hold","entity":""}""", "invalid_value", "/entity")]
    [InlineData("before_send", """{"action":"hold","payment":"pay_1"}""", "unknown_field", "/payment")]
    [InlineData("before_send", "", "invalid_json", null)]
    public async Task What_cannot_be_armed_is_refused_by_name_and_arms_nothing(string name, string body, string code, string? param)
    {
        var refused = await PutAsync(name, body);
        Assert.Equal((400, code, param), (refused.Status, refused.Code, refused.Param));
        Assert.Equal(JsonValueKind.Null, (await PointAsync(name)).GetProperty("armed").ValueKind);
    }

    [Fact]
    public async Task A_point_that_does_not_exist_is_refused_with_those_that_do()
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            var refused = await _host.SendAsync(method, Path + "/before_sending", method == HttpMethod.Put ? """{"action":"hold"}""" : null);
            Assert.Equal((404, "not_found"), (refused.Status, refused.Code));
            Assert.Contains("before_send, after_effect, during_commit, after_commit", refused.Body, StringComparison.Ordinal);
        }

        var queried = await _host.SendAsync(HttpMethod.Put, Path + "/before_send?skip=1", """{"action":"hold"}""");
        Assert.Equal((400, "unknown_field", "/skip"), (queried.Status, queried.Code, queried.Param));
    }

    [Fact]
    public async Task They_are_for_administrators()
    {
        var (_, key) = await _host.NewMerchantAsync();
        foreach (var (method, path) in new[] { (HttpMethod.Get, Path), (HttpMethod.Delete, Path), (HttpMethod.Put, Path + "/before_send"), (HttpMethod.Delete, Path + "/before_send") })
        {
            var body = method == HttpMethod.Put ? """{"action":"kill"}""" : null;
            Assert.Equal(401, (await _host.SendAsync(method, path, body, key: null)).Status);
            Assert.Equal(403, (await _host.SendAsync(method, path, body, key)).Status);
        }

        Assert.Equal(JsonValueKind.Null, (await PointAsync("before_send")).GetProperty("armed").ValueKind);
    }

    [Fact]
    public async Task They_are_in_no_description_and_not_there_unless_enabled()
    {
        var description = await _host.GetAsync("/openapi/v1.json");
        Assert.Equal(200, description.Status);
        Assert.DoesNotContain("failpoint", description.Body, StringComparison.OrdinalIgnoreCase);

        var ordinary = new ApiHost(_ => { }, app => app.MapFailpoints());
        await ordinary.InitializeAsync();
        Assert.Equal(404, (await ordinary.GetAsync(Path)).Status);
        await ordinary.DisposeAsync();
    }

    [Theory]
    [InlineData("true", "Production", "may be true only in the environments Development and Testing")]
    [InlineData("true", "production", "may be true only in the environments Development and Testing")]
    [InlineData("yes", "Testing", "must be true or false, not 'yes'")]
    public void A_silo_in_production_cannot_have_them(string enabled, string environment, string why)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration[FailpointHosting.Setting] = enabled;
        Assert.Contains(why, Assert.Throws<SettingsException>(builder.AddFailpoints).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(IFailpoints));
    }

    private Task ReachAsync(Failpoint point, string operation, PaymentId payment) => Control.Reach(point, operation, payment).AsTask();

    private Task ReachAsync(Failpoint point, string[] entities) => Control.Reach(point, entities).AsTask();

    private Task<Answer> PutAsync(string name, string body) => _host.SendAsync(HttpMethod.Put, $"{Path}/{name}", body);

    private async Task<JsonElement> PointAsync(string name) =>
        (await _host.GetAsync(Path)).Json.GetProperty("data").EnumerateArray().Single(point => point.GetProperty("name").GetString() == name);

    private sealed class OneTimer : TimeProvider
    {
        private Action? _callback;

        public TimeSpan DueTime { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, DueTime) = (() => callback(state), dueTime);
            return base.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, period);
        }

        public void Fire() => _callback!();
    }
}
