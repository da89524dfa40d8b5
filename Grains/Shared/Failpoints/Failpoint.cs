namespace OrleansPayments.Grains.Shared.Failpoints;

/// <summary>A place where a crash must be survived, in the order in which an attempt or operation passes them.</summary>
public enum Failpoint
{
    /// <summary>The attempt or operation is durable; nothing was handed to the provider's adapter.</summary>
    BeforeSend,

    /// <summary>The provider's answer is in memory, and nothing of it is recorded.</summary>
    AfterEffect,

    /// <summary>A batch's statement is on its way to the database; its answer was not read.</summary>
    DuringCommit,

    /// <summary>A batch is durable; its callers have not heard.</summary>
    AfterCommit,
}
