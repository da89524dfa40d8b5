using System.Collections.Immutable;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation;

/// <summary>
/// The two ways in which a payment once ended as failed and was charged all the same, step by step: a charge arrives within the provider's settling window after it was
/// sent, but later than that after its attempt was recorded.
/// </summary>
public sealed class SettlingWindowTests
{
    private static readonly TimeSpan Window = FaultPlan.SettlingWindow;

    [Fact]
    public void A_charge_that_was_sent_again_has_the_whole_window_to_arrive()
    {
        var stage = new Stage { LoseFirst = true, Flight = TimeSpan.FromSeconds(30) };
        stage.Play(async () =>
        {
            var first = stage.Create();
            await stage.Wait(TimeSpan.FromSeconds(1));
            stage.Silo.Crash();
            stage.StartSilo();
            await stage.Wait(TimeSpan.FromSeconds(44));
            await stage.Create();
            Assert.False(first.IsCompletedSuccessfully);
        });
    }

    [Fact]
    public void A_charge_that_was_sent_long_after_its_attempt_was_recorded_has_the_whole_window_to_arrive()
    {
        var stage = new Stage { AppendAnswer = TimeSpan.FromSeconds(50), Flight = TimeSpan.FromSeconds(30) };
        stage.Play(async () =>
        {
            await Assert.ThrowsAsync<TimeoutException>(() => stage.Create());
        });
    }

    /// <summary>One payment, one provider and a journal whose first answer may be slow.</summary>
    private sealed class Stage
    {
        private static readonly PaymentId Id = PaymentId.FromIdempotencyKey("simulation", "payments", "scripted");

        private readonly SimulationLoop _loop = new(1);
        private readonly Dictionary<string, Charge> _charges = [];
        private readonly JournalStore _store;
        private readonly ErrorLog _log;
        private readonly CardStore _cards;
        private int _lives;

        public Stage()
        {
            // A plan without faults: they have all happened before the run begins.
            _store = new JournalStore(_loop, new SeededRandom(1), FaultPlan.Quiet);
            _log = new ErrorLog(_loop, violation => Assert.Fail(violation));
            _cards = new CardStore(_loop, new SeededRandom(1), FaultPlan.Quiet, violation => Assert.Fail(violation));
        }

        /// <summary>Whether the first sending never arrives.</summary>
        public bool LoseFirst { get; init; }

        /// <summary>From the sending of a charge to its effect.</summary>
        public TimeSpan Flight { get; init; }

        /// <summary>From a payment's first commit to its answer.</summary>
        public TimeSpan AppendAnswer { get; init; }

        public VirtualSilo Silo { get; private set; } = null!;

        public void StartSilo()
        {
            var process = _loop.Start($"silo{++_lives}");
            var journal = new SlowFirstAnswer(_store.Open(process), process, Id.Value, AppendAnswer);
            Silo = new VirtualSilo(process, journal, [new SlowProvider(this, process)], _cards.Open(process), new PaymentOptions(), _log);
        }

        public Task Wait(TimeSpan time) => Task.Delay(time, _loop.Outside.Time);

        public Task<Outcome<CreatePaymentResult>> Create() => Silo.Call(grains => grains.Payment(Id).Create(new CreatePayment(
            MerchantId.FromIdempotencyKey("simulation", "merchants", "0"), Money.FromMinorUnits(100, Currency.Parse("EUR")),
            new CardDetails("4242424242424242", 12, 2034, "123", null), null, null, null, null, null, ImmutableSortedDictionary<string, string>.Empty, null, "fingerprint")));

        /// <summary>Plays the merchant's part, then waits for all that can still arrive, and compares.</summary>
        public void Play(Func<Task> merchant)
        {
            StartSilo();
            Task? play = null;
            _loop.Outside.Run("merchant", () => play = PlayAll(merchant));
            Assert.Equal(SimulationEnd.Done, _loop.RunUntil(() => play is { IsCompleted: true }, 100_000, TimeSpan.FromHours(1)));
            play!.GetAwaiter().GetResult();
            Assert.Single(_charges);
            Assert.Equal(PaymentStatus.Captured, _store.History(Id).View!.Status);
        }

        private async Task PlayAll(Func<Task> merchant)
        {
            var settings = new ConnectorSettings(
                true, 1, 2_000, new ConnectorCapabilities(["card"], ["*"], ["*"]), [], HealthSettings.Default, new InquirySettings(500, (int)Window.TotalSeconds), null);
            var connector = new CreateConnector("slow", settings, new ConnectorCredentials(ImmutableSortedDictionary<string, string>.Empty), "creation");
            await Silo.Call(grains => grains.Connector(ConnectorName.Parse("slow")).Create(connector));
            await merchant();
            await Wait(Window * 4);
        }

        private sealed class SlowProvider(Stage stage, SimulatedProcess silo) : IPaymentProvider
        {
            public string Name => "slow";

            public TimeSpan ReplayWindow => TimeSpan.FromHours(23);

            public Refusal? CheckCredentials(ConnectorCredentials credentials) => null;

            public Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken)
            {
                var reference = request.Reference.ToString();
                if (!stage.LoseFirst || stage._lives > 1)
                {
                    stage._loop.Outside.After(stage.Flight, () => stage._charges.TryAdd(
                        reference, new Charge("slow_1", request, stage._loop.Elapsed, CardFate.Approved)));
                }

                var answer = new TaskCompletionSource<ChargeResult>();
                cancellationToken.UnsafeRegister(_ => answer.TrySetResult(new ChargeResult.Unknown("timeout")), null);
                return answer.Task;
            }

            public Task<ChargeInspection> Inspect(ConnectorAccess access, string connectorReference, CancellationToken cancellationToken) =>
                Task.FromResult(new ChargeInspection(Charge: null));

            public Task<OperationResult> Capture(ConnectorAccess access, CaptureRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

            public Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

            public Task<RefundResult> Refund(ConnectorAccess access, RefundRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

            public Task<RefundResult> FindRefund(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken) => throw new NotSupportedException();

            public CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request) => throw new NotSupportedException();

            public Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken)
            {
                var answer = new TaskCompletionSource<ChargeResult>();
                silo.After(TimeSpan.FromMilliseconds(100), () => answer.TrySetResult(
                    stage._charges.TryGetValue(inquiry.Reference.ToString(), out var charge) ? new ChargeResult.Approved(charge.Id, charge.Amount) : new ChargeResult.NotFound()));
                return answer.Task;
            }
        }
    }
}
