using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>More payments at once than the silo takes.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private readonly ApiHost _host = new(builder => builder.Configuration["Api:MaxPaymentsInFlight"] = "1");

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_payment_above_the_bound_is_refused_and_not_queued()
    {
        var (_, key) = await _host.NewMerchantAsync();
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _host.Engine.BeforeCharge = async _ =>
        {
            arrived.TrySetResult();
            await release.Task;
        };
        var first = _host.PostAsync("/api/v1/payments", Bodies.Payment, key);
        await arrived.Task;

        foreach (var operation in (string[])["confirm", "capture", "cancel"])
        {
            var operated = await _host.PostAsync($"/api/v1/payments/pay_{new string('0', 26)}/{operation}", "{}", key);
            Assert.Equal((503, "overloaded", "1"), (operated.Status, operated.Code, operated.Headers["Retry-After"]));
        }

        var second = await _host.PostAsync("/api/v1/payments", Bodies.Payment, key);
        Assert.Equal((503, "overloaded", "1"), (second.Status, second.Code, second.Headers["Retry-After"]));
        release.SetResult();
        Assert.Equal(201, (await first).Status);
        Assert.Equal(201, (await _host.PostAsync("/api/v1/payments", Bodies.Payment, key)).Status);
    }

    [Fact]
    public async Task A_capture_counts_towards_the_bound_while_it_runs()
    {
        var (_, key) = await _host.NewMerchantAsync();
        var id = (await _host.PostAsync("/api/v1/payments", Bodies.With(Bodies.Payment, "capture_method", "\"manual\""), key)).Json.GetProperty("id").GetString();
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _host.Engine.BeforeOperation = async () =>
        {
            arrived.TrySetResult();
            await release.Task;
        };
        var capture = _host.PostAsync($"/api/v1/payments/{id}/capture", "{}", key);
        await arrived.Task;

        Assert.Equal("overloaded", (await _host.PostAsync("/api/v1/payments", Bodies.Payment, key)).Code);
        release.SetResult();
        Assert.Equal(200, (await capture).Status);
        Assert.Equal(201, (await _host.PostAsync("/api/v1/payments", Bodies.Payment, key)).Status);
    }

    [Fact]
    public async Task A_batch_leaves_places_to_others_however_large_it_is()
    {
        var host = new ApiHost(builder => builder.Configuration["Api:MaxPaymentsInFlight"] = "4");
        await host.InitializeAsync();
        try
        {
            var (_, key) = await host.NewMerchantAsync();
            var arrived = new TaskCompletionSource();
            var release = new TaskCompletionSource();
            host.Engine.BeforeCharge = async command =>
            {
                if (command.Amount.MinorUnits != 777) return;
                arrived.TrySetResult();
                await release.Task;
            };
            var held = Bodies.With(Bodies.Payment, "amount", "777");
            var batch = host.PostAsync("/api/v1/payments/batch", $"{{\"payments\":[{string.Join(',', Enumerable.Repeat(held, 20))}]}}", key);
            await arrived.Task;
            await Eventually.TrueAsync(() => host.App.Services.GetRequiredService<PaymentAdmission>().Waiting > 0);

            for (var number = 0; number < 5; number++) Assert.Equal(201, (await host.PostAsync("/api/v1/payments", Bodies.Payment, key)).Status);
            release.SetResult();
            Assert.Equal(207, (await batch).Status);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }
}
