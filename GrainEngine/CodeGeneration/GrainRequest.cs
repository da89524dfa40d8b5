using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.CodeGeneration;

/// <summary>
/// One call of one grain method: its arguments, its place in a queue and its answer. Generated code derives a class per method that holds the arguments in
/// typed fields and calls the method directly.
/// </summary>
/// <remarks>
/// A request that was queued or went pending is never used again: a timeout, a cancellation and the grain's own answer may still race for it, and each of them
/// then meets the same object. Only a request that ran inline and had ended when the call returned, which nobody else ever saw, goes back to its thread's spare.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Design", "CA1001", Justification = "The token source has neither a timer nor a wait handle, so there is nothing to dispose of.")]
public abstract partial class GrainRequest : QueueNode
{
    // Links of the list of calls that wait for the same time; guarded by the stripe's lock.
    internal GrainRequest? TimeoutPrevious;
    internal GrainRequest? TimeoutNext;
    internal CallTimeouts.Stripe? TimeoutStripe;
    internal long Deadline;

    internal GrainReference? Callee;
    internal Dictionary<string, object>? Context;
    internal CallCancellation? Cancellation;
    internal Activation? Target;

    /// <summary>The activation in whose turn the call was made; null outside grains, and when it waits no longer.</summary>
    internal Activation? Sender;

    /// <summary>Whether the activation counted this request among those that keep others out.</summary>
    internal bool IsBlocking;

    /// <summary>Whether call filters saw this object. They may keep it, so it is never used again.</summary>
    internal bool IsShared;

    private protected GrainRequest()
    {
    }

    /// <summary>The method called.</summary>
    protected internal abstract GrainMethod Method { get; }

    /// <summary>The token that the grain sees: cancelled in the grain's turn when the caller cancels or gives up.</summary>
    protected CancellationToken GrainToken => Cancellation?.Token ?? default;

    /// <summary>Whether somebody waits for the answer: not so for one-way calls and timer ticks.</summary>
    internal bool HasCaller => !Method.OneWay;

    /// <summary>Whether the task that the caller waits for was made.</summary>
    internal bool IsOpen => AnswerTask is not null;

    /// <summary>Whether the caller has its answer already.</summary>
    internal bool IsSettled => AnswerTask is { IsCompleted: true };

    /// <summary>What the caller waits for; null when nobody does, or not yet.</summary>
    private protected abstract Task? AnswerTask { get; }

    /// <summary>Takes the caller's token. One that can never be cancelled costs nothing.</summary>
    protected internal void BindCancellation(CancellationToken callerToken)
    {
        if (callerToken.CanBeCanceled)
            Cancellation = new CallCancellation(this, callerToken);
    }

    /// <summary>Drops the arguments and keeps the object for this thread's next call of the method.</summary>
    protected virtual void Recycle()
    {
    }

    /// <summary>Makes the task that the caller will wait for.</summary>
    internal abstract void Open();

    /// <summary>Calls the grain. In the grain's turn only. True when the grain's task has ended, which was then handed on.</summary>
    internal bool Run(Activation activation)
    {
        var work = Start(activation);
        if (work.IsCompleted)
        {
            HandOn(activation);
            return true;
        }

        activation.WentPending(this);
        work.GetAwaiter().UnsafeOnCompleted(OnWorkEnded);
        return false;
    }

    internal abstract bool TryFail(Exception exception);

    internal abstract bool TryCancel(CancellationToken token);

    /// <summary>How the task that the caller waits for continues. Valid once the callee is known.</summary>
    private protected TaskCreationOptions AnswerOptions => Callee!.AnswerOptions;

    internal void Reset()
    {
        Callee = null;
        Context = null;
        Target = null;
        Sender = null;
        Cancellation = null;
        Recycle();
    }

    /// <summary>The caller waited for as long as it is willing to; the call goes on, and if it takes a token, the token says so.</summary>
    /// <param name="waits">Who waited for whom before the first of the calls that are given up now.</param>
    internal void TimeOut(TimeSpan waited, WaitGraph waits)
    {
        var reason = waits.CycleOf(this) is { } own ? $" It waits in a cycle of calls: {own}."
            : waits.CycleOfCallee(this) is { } callees ? $" The grain waits in a cycle of calls: {callees}."
            : "";
        if (!TryFail(new TimeoutException($"The call of {Method} on grain {Callee?.GrainId} got no answer within {waited}.{reason}")))
            return;
        Close();
        Cancellation?.CancelInTurn(Target);
    }

    /// <summary>Ends the bookkeeping of a call whose answer is known.</summary>
    internal void Close()
    {
        CallTimeouts.Untrack(this);
        Cancellation?.Detach();
        // The grain may work on for long; it must not keep alive who no longer waits.
        Sender = null;
    }

    /// <summary>Calls the grain. The task carries what the method throws, too.</summary>
    private protected abstract Task Start(Activation activation);

    /// <summary>Hands the ended task on to the caller's answer, if there is one.</summary>
    private protected abstract void HandOn(Activation activation);

    private void OnWorkEnded()
    {
        HandOn(Target!);
        Target!.Finish(this);
    }
}
