using OrleansPayments.Connectors;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation;

/// <summary>How a connector's health comes to routing, what it changes there, and what is kept of it; on the real grains, in virtual time.</summary>
public sealed class ConnectorHealthTests
{
    private const string Circuit = "connector/alpha/circuit";

    // The clock is looked at half a millisecond after each whole one.
    private const double BoundMs = 100.5;

    private static readonly HealthSettings FiveCalls = new(WindowSeconds: 3_600, MinCalls: 5, OpenBelowSuccessRate: 0.5, OpenSeconds: 10);

    private static readonly HealthSettings NeverOpens = FiveCalls with { OpenBelowSuccessRate = 0 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_reported_reaches_the_decision_within_100_ms(int seed)
    {
        var stage = new ConnectorStage((ulong)seed);
        var latest = 0.0;
        stage.Play(async () =>
        {
            await stage.CreateConnector(NeverOpens);
            for (var call = 0; call < 5; call++) await stage.Charge(ChargeOutcome.Approved);
            for (var burst = 0; burst < 50; burst++)
            {
                // A burst that ends at any time after the last word to routing.
                for (var call = stage.Random.Next(5); call >= 0; call--)
                {
                    await stage.Wait(stage.Random.Next(60));
                    await stage.Charge(ChargeOutcome.Approved, 20 + stage.Random.Next(1_000));
                }

                var expected = TimeOf((await stage.Health()).Latency!.Average);
                var waited = 0.5;
                await stage.Wait(waited);
                while ((await stage.Simulated()).Time != expected && waited < 1_000)
                {
                    await stage.Wait(1);
                    waited++;
                }

                latest = Math.Max(latest, waited);
            }
        });

        // Not at once either: the bound is in use.
        Assert.InRange(latest, 20, BoundMs);
    }

    [Fact]
    public void A_circuit_that_opens_is_known_in_the_same_millisecond()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateConnector(FiveCalls);
            for (var call = 0; call < 5; call++) await stage.Charge(ChargeOutcome.Unknown);
            await stage.Wait(0.5);
            var candidate = await stage.Simulated();
            Assert.Equal((false, "circuit_open"), (candidate.Eligible, candidate.Reason));
        });
    }

    [Fact]
    public void Routing_and_the_connector_agree_about_the_state_in_each_of_them()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateConnector(FiveCalls);
            await Agree(CircuitState.Closed, eligible: true);
            for (var call = 0; call < 5; call++) await stage.Charge(ChargeOutcome.Unknown);
            await Agree(CircuitState.Open, eligible: false);
            await stage.Wait(9_990);
            await Agree(CircuitState.Open, eligible: false);
            await stage.Wait(100);
            await Agree(CircuitState.HalfOpen, eligible: true);

            // Tried in vain it is open again, and by a success closed.
            await stage.Charge(ChargeOutcome.Unknown);
            await Agree(CircuitState.Open, eligible: false);
            await stage.Wait(10_100);
            await Agree(CircuitState.HalfOpen, eligible: true);
            await stage.Charge(ChargeOutcome.Approved);
            await Agree(CircuitState.Closed, eligible: true);

            async Task Agree(CircuitState state, bool eligible)
            {
                await stage.Wait(0.5);
                Assert.Equal((state, eligible), ((await stage.Health()).State, (await stage.Simulated()).Eligible));
            }
        });
    }

    [Fact]
    public void Live_numbers_enter_the_cost_as_documented_once_there_are_enough_of_them()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateConnector(NeverOpens);
            for (var call = 0; call < 4; call++) await stage.Charge(ChargeOutcome.Unknown, 2_000);
            await stage.Wait(200);

            // Four of five say nothing: 500 ms and 0.95, of 10 000.00.
            var unknown = await stage.Simulated();
            Assert.Equal((5_000, 5_000, 0.95), (unknown.Time, unknown.Risk, unknown.SuccessRate));

            await stage.Charge(ChargeOutcome.Approved, 2_000);
            await stage.Wait(200);

            // 2 s of a hundredth; one technical success of five, and nobody declined.
            var ill = await stage.Simulated();
            Assert.Equal((20_000, 80_000), (ill.Time, ill.Risk));
            Assert.Equal(0.2, ill.SuccessRate!.Value, 12);

            for (var call = 0; call < 3; call++) await stage.Charge(ChargeOutcome.Declined, 2_000);
            await stage.Wait(200);

            // Four technical successes of eight, and of four decided one approved: 0.5 × 0.25.
            var declining = await stage.Simulated();
            Assert.Equal(87_500, declining.Risk);
            Assert.Equal(0.125, declining.SuccessRate!.Value, 12);

            // The average goes a tenth of the way to each new one.
            await stage.Charge(ChargeOutcome.Declined, 1_000);
            await stage.Wait(200);
            Assert.Equal(19_000, (await stage.Simulated()).Time!.Value, 4);
        });
    }

    [Fact]
    public void Without_a_decision_of_an_issuer_the_ordinary_authorisation_rate_is_taken()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateConnector(NeverOpens);
            for (var call = 0; call < 5; call++) await stage.Charge(ChargeOutcome.Undecided);
            await stage.Wait(200);
            Assert.Equal(0.95, (await stage.Simulated()).SuccessRate!.Value, 12);
        });
    }

    [Fact]
    public void An_older_view_that_arrives_late_is_ignored_and_so_is_the_same_again()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateConnector(FiveCalls);
            var older = await stage.Health();
            var newer = older with { Sequence = older.Sequence + 1, State = CircuitState.Open, RestsFor = TimeSpan.FromSeconds(10) };
            await Report(newer);
            Assert.False((await stage.Simulated()).Eligible);
            await Report(older);
            Assert.False((await stage.Simulated()).Eligible);
            await Report(newer with { State = CircuitState.Closed });
            Assert.False((await stage.Simulated()).Eligible);
            await Report(newer with { Sequence = newer.Sequence + 1, State = CircuitState.Closed });
            Assert.True((await stage.Simulated()).Eligible);

            async Task Report(ConnectorHealthView view)
            {
                await stage.Silo.Call(async grains =>
                {
                    await grains.Routing().ReportHealth(view);
                    return true;
                });
                await stage.Wait(0.5);
            }
        });
    }

    [Fact]
    public void The_first_view_of_a_new_activation_is_believed()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateConnector(FiveCalls);

            // As many numbers as an activation could give out are below what the next one begins with.
            for (var call = 0; call < 1_000; call++) await stage.Charge(ChargeOutcome.Approved, 3_000);
            await stage.Wait(200);
            Assert.Equal(TimeOf(3_000), (await stage.Simulated()).Time!.Value, 4);

            // Routing stays in use meanwhile, the connector does not.
            for (var minute = 0; minute < 10; minute++)
            {
                await stage.Wait(60_000);
                await stage.Simulated();
            }

            Assert.Equal(0, (await stage.Health()).Calls);
            for (var call = 0; call < 5; call++) await stage.Charge(ChargeOutcome.Approved, 100);
            await stage.Wait(200);
            Assert.Equal(TimeOf(100), (await stage.Simulated()).Time!.Value, 4);
        });
    }

    [Fact]
    public void A_permit_is_given_back_when_the_payment_cannot_be_recorded()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateMerchant();
            await stage.CreateConnector(FiveCalls, maxInFlight: 1);
            stage.Refuses = entity => entity.StartsWith("pay_", StringComparison.Ordinal);
            for (var n = 0; n < 3; n++)
            {
                await Assert.ThrowsAnyAsync<Exception>(() => stage.Pay($"refused {n}"));
                await stage.Wait(0.5);
                var health = await stage.Health();
                Assert.Equal((0, 0), (health.InFlight, health.Calls));
            }

            stage.Refuses = _ => false;
            Assert.Equal("alpha", (await stage.Pay("accepted")).Value!.Payment.Connector);
        });
        Assert.Empty(stage.Errors);
    }

    [Fact]
    public void A_permit_that_nobody_tells_of_expires_half_a_minute_after_the_timeout()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateConnector(FiveCalls, timeoutMs: 5_000, maxInFlight: 1);
            var lost = (await Ask()).Permit!;
            Assert.Equal(PermitRefusal.BulkheadFull, (await Ask()).Refusal);
            await stage.Wait(34_990);
            Assert.Equal(PermitRefusal.BulkheadFull, (await Ask()).Refusal);
            await stage.Wait(20);
            var next = (await Ask()).Permit!;
            Assert.True(next.Number > lost.Number);

            // What became of it comes too late to count, and takes nothing from the next one.
            await stage.Tell(lost.Number, ChargeOutcome.Unknown);
            await stage.Wait(0.5);
            var health = await stage.Health();
            Assert.Equal((1, 0), (health.InFlight, health.Calls));
        });

        Task<PermitAnswer> Ask() => stage.Silo.Call(grains => grains.Connector(ConnectorStage.Alpha).RequestChargePermit());
    }

    [Fact]
    public void What_the_circuit_did_is_kept_across_a_crash_and_a_flapping_one_does_not_fill_the_journal()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateConnector(FiveCalls with { OpenSeconds = 1 });
            for (var flap = 0; flap < 20; flap++)
            {
                await Open(stage);
                await stage.Wait(1_500);
                await stage.Charge(ChargeOutcome.Approved);
                await stage.Wait(500);
            }

            // 40 s: the first is written, and nineteen wait to be told of.
            Assert.Equal(["Closed 0", "Opened 0"], await Events(stage));
            await stage.Wait(60_000);
            await Open(stage);
            await stage.Wait(100);
            stage.Silo.Crash();
            stage.StartSilo();
            Assert.Equal(["Opened 19", "Closed 0", "Opened 0"], await Events(stage));
            var last = (await stage.Silo.Call(grains => grains.CircuitLog(ConnectorStage.Alpha).List())).Events[0];
            Assert.Equal((5, 0.0, new TechnicalFailures(0, 5, 0)), (last.Calls, last.SuccessRate, last.Failures));
            Assert.Equal(3, stage.Entries(Circuit).Count);
        });
        Assert.Empty(stage.Errors);
    }

    [Fact]
    public void Only_the_last_fifty_are_kept_in_memory_and_read_again()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateConnector(FiveCalls with { OpenSeconds = 1 });
            for (var time = 0; time < 30; time++)
            {
                await Open(stage);
                await stage.Wait(1_500);
                await stage.Charge(ChargeOutcome.Approved);
                await stage.Wait(60_000);
            }

            Assert.Equal(60, stage.Entries(Circuit).Count);
            var before = await Events(stage);
            Assert.Equal(50, before.Length);
            stage.Silo.Crash();
            stage.StartSilo();
            Assert.Equal(before, await Events(stage));

            // The versions go on where they were.
            await Open(stage);
            await stage.Wait(100);
            Assert.Equal(61, stage.Entries(Circuit).Count);
            Assert.Equal("Opened 0", (await Events(stage))[0]);
        });
        Assert.Empty(stage.Errors);
    }

    [Fact]
    public void A_journal_that_refuses_is_complained_of_harms_no_payment_and_is_tried_again()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await stage.CreateMerchant();
            await stage.CreateConnector(FiveCalls with { OpenSeconds = 1 });
            stage.Refuses = entity => entity == Circuit;
            await Open(stage);
            Assert.Equal(CircuitState.Open, (await stage.Health()).State);
            await stage.Wait(1_100);
            Assert.Equal("captured", (await stage.Pay("through")).Value!.Payment.Status.ToString().ToLowerInvariant());
            await Open(stage);
            stage.Refuses = _ => false;
            Assert.Empty(await Events(stage));
            await stage.Wait(61_000);
            Assert.Equal(["Opened 1"], await Events(stage));
        });
        Assert.Contains(stage.Loop.Trace.Lines, line => line.Contains("log Error: That the circuit of connector alpha Opened", StringComparison.Ordinal));
    }

    private static async Task Open(ConnectorStage stage)
    {
        for (var call = 0; call < 5; call++) await stage.Charge(ChargeOutcome.Unknown);
        Assert.Equal(CircuitState.Open, (await stage.Health()).State);
    }

    private static async Task<string[]> Events(ConnectorStage stage) =>
        [.. (await stage.Silo.Call(grains => grains.CircuitLog(ConnectorStage.Alpha).List())).Events.Select(happened => $"{happened.Kind} {happened.Flaps}")];

    // Of 10 000.00 a hundredth a second.
    private static double TimeOf(double milliseconds) => Math.Round(1_000_000 * 0.01 * milliseconds / 1_000, 4);
}
