// Generated from openapi.json by `npm run gen`. Do not edit.

export interface paths {
    "/api/v1/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes the caller's own password and ends their sessions. */
        put: operations["put_account_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts, by name. */
        get: operations["get_accounts"];
        put?: never;
        /** Makes an account. */
        post: operations["post_accounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes an account. */
        patch: operations["patch_accounts_name"];
        trace?: never;
    };
    "/api/v1/accounts/{name}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a one-time sign-in link for an account. */
        post: operations["post_accounts_name_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a token for an account. Only the operator at the machine may: anyone else would act in
         *     another's name.
         */
        post: operations["post_accounts_name_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Writes everything into a folder of the server's machine: every original, where it came from,
         *     and the catalog's rows. Only for the operator at the machine.
         */
        post: operations["post_archive_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/keep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends sealed segments where they belong: the second copy, the tier. */
        post: operations["post_archive_keep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes for good what was deleted long enough ago, from the archive, the tier and (at the
         *     next round) the second copy. This can't be undone.
         */
        post: operations["post_archive_purge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/recompress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keeps uncompressed pixels of sealed segments in a smaller form, without loss. */
        post: operations["post_archive_recompress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads every byte of the archive and compares it with its digest. The answer is a line of
         *     JSON for each piece of progress, and a last one with `done` or `failed`.
         */
        post: operations["post_archive_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files attached to a patient, exam or project. */
        get: operations["get_attachments"];
        put?: never;
        /** Attaches a file: the body, of any type and size. It is durable when this answers. */
        post: operations["post_attachments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attachments/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An attached file's bytes. */
        get: operations["get_attachments_id_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log, newest first. */
        get: operations["get_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows that fit, oldest first, as a file. */
        get: operations["get_audit_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log's head. */
        get: operations["get_audit_head"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads the whole log and checks it. */
        post: operations["post_audit_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/catalog/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes the catalog again from the archive alone. What arrives meanwhile is taken, and indexed
         *     at the end.
         */
        post: operations["post_catalog_rebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files with other content under a UID that was held already, the latest first. */
        get: operations["get_conflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conflicts/{sha256}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The later file's bytes, as they came. The original is retrieved as ever. */
        get: operations["get_conflicts_sha256_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deletions that can be undone, the latest first. */
        get: operations["get_deleted"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exams, newest first. */
        post: operations["post_exams_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An exam with its series and instances, and where it came from. */
        get: operations["get_exams_study"];
        put?: never;
        post?: never;
        /** Hides an exam. It can be restored until it is purged. */
        delete: operations["delete_exams_study"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/instances/{sop}/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All attributes of an instance, without pixel data. */
        get: operations["get_exams_study_instances_sop_attributes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{study}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows a deleted exam again: undoes every deletion of it or of its parts. */
        post: operations["post_exams_study_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All peers, by name. */
        get: operations["get_peers"];
        put?: never;
        /** Enters a peer, or changes the entry of that name. */
        post: operations["post_peers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a peer. */
        delete: operations["delete_peers_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/echo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a peer for an answer (C-ECHO). */
        post: operations["post_peers_name_echo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/fetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fetches an exam from a peer (C-MOVE to us), in the background. */
        post: operations["post_peers_name_fetch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a peer what it has (C-FIND, study root). */
        post: operations["post_peers_name_query"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/peers/{name}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends an exam to a peer (C-STORE), in the background. */
        post: operations["post_peers_name_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files that wait in quarantine, the newest first. */
        get: operations["get_quarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes, as they came. */
        get: operations["get_quarantine_id_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a file off the list. Its bytes are kept until they are purged. */
        post: operations["post_quarantine_id_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends the bytes through the door again, under today's rules. */
        post: operations["post_quarantine_id_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["get_session"];
        put?: never;
        /** Signs in with a password; the answer sets the session cookie. */
        post: operations["post_session"];
        /** Signs out; the session ends at once. */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of the shelves. Nothing in it is about anyone. */
        get: operations["get_storage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The product's version and doors; more for those who are signed in. */
        get: operations["get_system"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's tokens, newest first. */
        get: operations["get_tokens"];
        put?: never;
        /** Makes a token for the caller. */
        post: operations["post_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes one of the caller's tokens. */
        delete: operations["delete_tokens_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The latest transfers, newest first. */
        get: operations["get_transfers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Cancels a transfer that waits or runs. It stops within moments; what has arrived stays. */
        delete: operations["delete_transfers_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins an upload. */
        post: operations["post_uploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files that arrived, so that the rest alone need be sent. */
        get: operations["get_uploads_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Takes one file. It is durable when this answers. Sent again, it is found to be held already. */
        put: operations["put_uploads_id_files"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends an upload and sums it up. */
        post: operations["post_uploads_id_finish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}/held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether exactly this file is held still, for a sender that remembers having sent it. */
        get: operations["get_uploads_id_held"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The account that acts. */
        Account: {
            name: string;
            roles: string[];
        };
        /** @description All accounts. */
        AccountList: {
            accounts: components["schemas"]["AccountRow"][];
        };
        /** @description One account. */
        AccountRow: {
            createdAt: string;
            disabled: boolean;
            /** @description Whether it signs in with OpenID Connect. */
            hasOidc: boolean;
            hasPassword: boolean;
            name: string;
            roles: string[];
            signedInAt?: string | null;
        };
        /** @enum {string} */
        Action: "query" | "read" | "store" | "delete" | "undelete" | "purge" | "quarantine" | "manage-accounts" | "manage-own-account" | "manage-peers" | "read-audit" | "export" | "operate" | "status";
        /** @description An attached file. */
        Attachment: {
            /** @description Who attached it. */
            account: string;
            /** @description SHA-256 of its bytes. */
            digest: string;
            id: string;
            mediaType: string;
            name: string;
            receivedAt: string;
            /** Format: int64 */
            size: number;
        };
        /** @description The files attached to one subject. */
        AttachmentList: {
            items: components["schemas"]["Attachment"][];
        };
        /** @description An attribute. */
        Attribute: {
            /** @description The private creator. */
            creator?: string | null;
            /** @description The items of a sequence. */
            items?: components["schemas"]["Attribute"][][] | null;
            /** @description The standard's keyword; absent for private and unknown ones. */
            keyword?: string | null;
            /** @description Bytes of a value that is not shown. */
            length?: number | null;
            /** @description The standard's name. */
            name?: string | null;
            /** @description Eight hexadecimal digits. */
            tag: string;
            /** @description The values as text; absent for sequences and raw bytes. */
            value?: string[] | null;
            vr: string;
        };
        /** @description Where the chain stands, as `seq:hash`; kept elsewhere, it proves later that nothing was cut off. */
        AuditHead: {
            head: string;
        };
        /** @description Heads that were recorded before. */
        AuditRecorded: {
            /** @description Each as `seq:hash`. */
            heads?: string[];
        };
        /** @description One row. */
        AuditRow: {
            action: string;
            actor: string;
            at: string;
            detail: Record<string, never>;
            door: string;
            hash: string;
            outcome: string;
            resources: string[];
            /** Format: int64 */
            seq: number;
        };
        /** @description Rows, newest first. */
        AuditRows: {
            rows: components["schemas"]["AuditRow"][];
        };
        /** @description What a check found. */
        AuditVerdict: {
            /** @description What is wrong, in words, with the rows' numbers. */
            faults: string[];
            /** @description Where the chain stands, as `seq:hash`. */
            head: string;
            /**
             * Format: int64
             * @description Rows that were read.
             */
            rows: number;
            /** @description Whether nothing is wrong. */
            whole: boolean;
        };
        /** @description What to change; what is left out stays. */
        ChangeAccount: {
            disabled?: boolean | null;
            /** @description Ends the account's sessions. */
            password?: string | null;
            roles?: string[] | null;
        };
        /** @description What keeping originals in a smaller form, without loss, has saved. */
        Compression: {
            /**
             * Format: int64
             * @description What they take now.
             */
            after: number;
            /**
             * Format: int64
             * @description What they took before.
             */
            before: number;
            /** @description Whether segments are made smaller on their own. */
            isOn: boolean;
            /** @description Segments that were rewritten. */
            segments: number;
        };
        /** @description Other content under a UID that was held already. */
        ConflictItem: {
            account: string;
            door: string;
            /** Format: int64 */
            id: number;
            peer?: string | null;
            receivedAt: string;
            seriesInstanceUid: string;
            /** @description SHA-256 of the later file. */
            sha256: string;
            /** Format: int64 */
            size: number;
            sopInstanceUid: string;
            studyInstanceUid: string;
        };
        /** @description A page of conflicts. */
        ConflictList: {
            conflicts: components["schemas"]["ConflictItem"][];
            /**
             * Format: int64
             * @description Where the next page begins; absent on the last.
             */
            nextCursor?: number | null;
        };
        /** @description How much there is. */
        Counts: {
            /**
             * Format: int64
             * @description What the originals take on the shelves.
             */
            bytes: number;
            /** Format: int64 */
            exams: number;
            /** Format: int64 */
            instances: number;
            /** Format: int64 */
            patients: number;
            /** Format: int64 */
            series: number;
        };
        /** @description A new token with its secret, which is shown this once. */
        CreatedToken: {
            id: string;
            /** @description Send it as `Authorization: Bearer …`. */
            secret: string;
        };
        /** @description A deletion. */
        Deleted: {
            account: string;
            deletedAt: string;
            exam: components["schemas"]["Exam"];
            /** Format: int64 */
            instances: number;
            reason: string;
            /** @description Present if only this series was deleted. */
            seriesInstanceUid?: string | null;
            /** @description Present if only this instance was deleted. */
            sopInstanceUid?: string | null;
        };
        /** @description Deletions that can be undone. */
        DeletedList: {
            deleted: components["schemas"]["Deleted"][];
        };
        /** @description How DICOM peers call. */
        Dimse: {
            /** @description The application entity title to call. */
            aeTitle: string;
            /**
             * Format: int32
             * @description The TCP port.
             */
            port: number;
        };
        /**
         * @description Which way.
         * @enum {string}
         */
        Direction: "send" | "fetch";
        /** @description A peer's answer to C-ECHO. */
        EchoBody: {
            /**
             * Format: int64
             * @description Time to connect, associate and answer.
             */
            milliseconds: number;
        };
        /** @description An exam. */
        Exam: {
            accessionNumber: string;
            /** @description Whether one of its instances is a picture that can be shown. */
            hasPicture: boolean;
            /** Format: int64 */
            instanceCount: number;
            modalities: string[];
            /** @description YYYY-MM-DD. */
            patientBirthDate?: string | null;
            patientId: string;
            /** @description As written: family^given^middle^prefix^suffix, groups parted by `=`. */
            patientName: string;
            patientSex: string;
            /** @description When its first instance arrived (RFC 3339). */
            receivedAt: string;
            /** Format: int64 */
            seriesCount: number;
            /** @description YYYY-MM-DD. */
            studyDate?: string | null;
            studyDescription: string;
            studyInstanceUid: string;
            /** @description hh:mm:ss. */
            studyTime?: string | null;
        };
        /** @description An exam in full. */
        ExamContents: {
            exam: components["schemas"]["Exam"];
            series: components["schemas"]["Series"][];
            sources: components["schemas"]["ExamSource"][];
        };
        /** @description A page of exams. */
        ExamList: {
            exams: components["schemas"]["Exam"][];
            /** @description Where the next page begins; absent on the last. */
            nextCursor?: string | null;
            total: components["schemas"]["Total"];
        };
        /** @description What to look for. It travels in a body: an address with a name in it would be kept in logs and histories. */
        ExamSearch: {
            /** @description Part of the accession number. */
            accession?: string | null;
            /** @description `nextCursor` of the page before. */
            cursor?: string | null;
            /** @description Words of the description. */
            description?: string | null;
            /** @description First day, YYYY-MM-DD. */
            from?: string | null;
            /** @description Exams on a page; 50 unless said, 500 at most. */
            limit?: number | null;
            /** @description A modality such as CT. */
            modality?: string | null;
            /** @description Words of the patient's name or ID. */
            patient?: string | null;
            /** @description Words of name, patient ID, accession number, description; a modality; a date. */
            q?: string | null;
            /** @description In place of a cursor: how many exams to pass over, for a jump into the midst of a long list. */
            skip?: number | null;
            /** @description Last day, YYYY-MM-DD. */
            to?: string | null;
        };
        /** @description Who brought instances of an exam. */
        ExamSource: {
            account: string;
            /** @description `c-store`, `stow`, `import`, `upload`, `fetch` or `made`. */
            door: string;
            /** Format: int64 */
            instances: number;
            peer?: string | null;
            /** @description When the first of them arrived (RFC 3339). */
            receivedAt: string;
        };
        /** @description Where to write. */
        ExportBody: {
            /** @description A folder of the server's machine that is empty or doesn't exist. */
            folder: string;
        };
        /** @description Whether a file is held. */
        Held: {
            held: boolean;
        };
        /** @description An instance. */
        Instance: {
            /** Format: int64 */
            columns?: number | null;
            /**
             * Format: int64
             * @description 1 unless it says otherwise.
             */
            frames: number;
            /** Format: int64 */
            instanceNumber?: number | null;
            /** @description Whether it has pixels that can be shown. */
            renderable: boolean;
            /** Format: int64 */
            rows?: number | null;
            sopClassUid: string;
            sopInstanceUid: string;
        };
        /** @description Work of one kind. */
        JobsOfKind: {
            /** Format: int64 */
            failed: number;
            kind: string;
            /** Format: int64 */
            running: number;
            /** Format: int64 */
            waiting: number;
        };
        /** @description A peer's matches. */
        MatchesBody: {
            /** @description Whether these are all. */
            complete: boolean;
            /** @description DICOM JSON (PS3.18 Annex F). */
            matches: Record<string, never>[];
        };
        /** @description What there is of one modality. */
        Modality: {
            /**
             * Format: int64
             * @description The length of the originals.
             */
            bytes: number;
            /** Format: int64 */
            exams: number;
            /** Format: int64 */
            instances: number;
            /** @description Empty where images don't say it. */
            modality: string;
            /** Format: int64 */
            series: number;
        };
        /** @description A new account. */
        NewAccount: {
            /** @description 1 to 64 of the characters a-z 0-9 . _ - @ */
            name: string;
            /** @description At least 10 characters; left out, the account signs in by link or OpenID Connect. */
            password?: string | null;
            roles: string[];
        };
        /** @description A new token. */
        NewToken: {
            /**
             * Format: int32
             * @description Days until it stops working, 1 to 366; left out, 90.
             */
            expiresInDays?: number | null;
            /** @description What it is for. */
            name: string;
            /** @description Some of the caller's roles; left out, all of them. */
            roles?: string[] | null;
        };
        /** @description A new upload. */
        NewUpload: {
            /** @description What its sender calls it. */
            name?: string | null;
        };
        /** @description The old and the new password. */
        PasswordChange: {
            newPassword: string;
            /** @description Needed when there is one. */
            oldPassword?: string | null;
        };
        /** @description A DIMSE peer. */
        PeerBody: {
            /** @description 1 to 16 characters. */
            aeTitle: string;
            /** @description SHA-256 of its TLS certificate, 64 hexadecimal digits. */
            fingerprint?: string | null;
            /** @description Where we call it. */
            host?: string | null;
            /** @description C-FIND. */
            mayQuery?: boolean;
            /** @description C-MOVE and C-GET. */
            mayRetrieve?: boolean;
            /** @description C-STORE and storage commitment. */
            mayStore?: boolean;
            /** @description The entry's name: 1 to 64 of the characters a-z 0-9 . _ - @ */
            name: string;
            /** @description Addresses or ranges it calls from; left out: `host`, when that is an address. */
            networks?: string[];
            /** Format: int32 */
            port?: number | null;
            /** @description Whether we call it with TLS. */
            tls?: boolean;
        };
        /** @description All peers. */
        PeerList: {
            peers: components["schemas"]["PeerBody"][];
        };
        /** @description A problem, as `application/problem+json`. */
        Problem: {
            /** @description What happened this time and what would help. */
            detail?: string;
            /**
             * Format: int32
             * @description The HTTP status code again.
             */
            status: number;
            /** @description The kind of problem in words. */
            title: string;
            /** @description A stable name for the kind of problem, for scripts. */
            type: string;
        };
        /** @description What to remove. */
        PurgeBody: {
            /**
             * Format: int32
             * @description Deletions made at least so many days ago.
             */
            olderThanDays: number;
        };
        /** @description A file in quarantine. */
        QuarantineItem: {
            /** @description What a person can do about it. */
            advice: string;
            /** @description More about this file, as a sentence. */
            detail: string;
            id: string;
            /** @description Its path as the sender named it. */
            path?: string | null;
            /** @description Why, as a code. */
            reason: string;
            receivedAt: string;
            /** Format: int64 */
            size: number;
            /** @description The door and who came in by it. */
            source: string;
            /** @description `open`, `retried` or `discarded`. */
            state: string;
            /** @description Why, in words: `it has no Study Instance UID`. */
            words: string;
        };
        /** @description A page of the files in quarantine. */
        QuarantinePage: {
            items: components["schemas"]["QuarantineItem"][];
            /** @description Where the next page begins; absent on the last. */
            nextCursor?: string | null;
        };
        /** @description A question to a peer. */
        QueryBody: {
            /** @description Keyword or tag to value; an empty value asks for the attribute. */
            keys: {
                [key: string]: string;
            };
            /** @description STUDY, SERIES or IMAGE. */
            level: string;
            /** @description Matches at most; 500 when left out. */
            limit?: number | null;
        };
        /** @description A reading of the whole archive. */
        Scrub: {
            /** @description Who asked for it. */
            actor: string;
            beganAt: string;
            /** Format: int64 */
            bytes: number;
            /**
             * Format: int64
             * @description Places that were not as they should be.
             */
            damaged: number;
            endedAt: string;
            /**
             * Format: int64
             * @description Originals whose digest was computed.
             */
            entries: number;
            /** @description Whether copies in other places were read too. */
            everywhere: boolean;
            /**
             * Format: int64
             * @description Of them: replaced from a good copy.
             */
            repaired: number;
        };
        /** @description A series. */
        Series: {
            bodyPart: string;
            instanceCount: number;
            instances: components["schemas"]["Instance"][];
            modality: string;
            seriesDescription: string;
            seriesInstanceUid: string;
            /** Format: int64 */
            seriesNumber?: number | null;
        };
        /** @description Who is signed in. */
        Session: {
            account: components["schemas"]["Account"];
            /** @description To be sent back as X-CSRF-Token with every change; empty for tokens, which need none. */
            csrfToken: string;
            /** @description When the session ends unless used again, RFC 3339; null for tokens. */
            expiresAt?: string | null;
            /** @description What the account may, so that pages offer nothing else. */
            may: components["schemas"]["Action"][];
        };
        /** @description The segments that the originals lie in. */
        Shelves: {
            /**
             * Format: int64
             * @description What they take.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Room for more in the archive's folder.
             */
            free: number;
            /** @description Whether every sealed segment has a second copy. */
            hasSecondCopy: boolean;
            /** @description Whether sealed segments move to an object store. */
            hasTier: boolean;
            /** @description Of them: in the archive's folder. */
            local: number;
            /** @description Of them: complete, not written to any more. */
            sealed: number;
            segments: number;
            /** @description Of them: in the object store. */
            tiered: number;
        };
        /** @description A name and a password. */
        SignIn: {
            name: string;
            password: string;
        };
        /** @description A one-time sign-in link. */
        SignInLink: {
            expiresAt: string;
            url: string;
        };
        /** @description The state of the shelves. */
        Storage: {
            compression: components["schemas"]["Compression"];
            /** @description When that was counted (RFC 3339). */
            countedAt: string;
            /** @description Which ledger: `sqlite` or `postgres`. */
            ledger: string;
            /** @description How much there is of each modality, the largest first. */
            modalities: components["schemas"]["Modality"][];
            scrub?: null | components["schemas"]["Scrub"];
            shelves: components["schemas"]["Shelves"];
            /** @description When this process started (RFC 3339). */
            startedAt: string;
            version: string;
            waiting: components["schemas"]["WaitingWork"];
        };
        /** @description What the product is and how it can be reached. */
        System: {
            counts?: null | components["schemas"]["Counts"];
            dimse?: null | components["schemas"]["Dimse"];
            /** @description Whether one can sign in with OpenID Connect. */
            oidc: boolean;
            /** @description What is wrong at the moment; for those who are signed in. */
            troubles?: components["schemas"]["Trouble"][] | null;
            /** @description The product's version. */
            version: string;
        };
        /** @description One token, without its secret. */
        Token: {
            createdAt: string;
            expiresAt: string;
            id: string;
            lastUsedAt?: string | null;
            /** @description What it is for. */
            name: string;
            roles: string[];
        };
        /** @description The caller's tokens. */
        TokenList: {
            tokens: components["schemas"]["Token"][];
        };
        /** @description How many there are. */
        Total: {
            /** @description False if there are at least so many. */
            exact: boolean;
            /**
             * Format: int64
             * @description The number.
             */
            value: number;
        };
        /** @description A transfer and how far it is. */
        Transfer: {
            /** @description Who asked for it. */
            askedBy: string;
            /**
             * Format: int64
             * @description Instances that arrived.
             */
            completed: number;
            createdAt: string;
            direction: components["schemas"]["Direction"];
            /**
             * Format: int64
             * @description Instances that did not.
             */
            failed: number;
            /** Format: int64 */
            id: number;
            /** @description The peer's entry. */
            peer: string;
            /** @description Why it waits or failed, or who cancelled it. */
            reason?: string | null;
            seriesInstanceUid?: string | null;
            /** @description waiting, running, done, failed, cancelled */
            state: string;
            studyInstanceUid: string;
            /**
             * Format: int64
             * @description Instances in all, as far as is known.
             */
            total: number;
            updatedAt: string;
        };
        /** @description What to transfer. */
        TransferBody: {
            /**
             * Format: int32
             * @description Instances a second at most; left out: as fast as it goes.
             */
            instancesPerSecond?: number | null;
            /** @description One series of it; left out: all. */
            seriesInstanceUid?: string | null;
            studyInstanceUid: string;
        };
        /** @description Transfers, newest first. */
        TransferList: {
            transfers: components["schemas"]["Transfer"][];
        };
        /** @description Something that is wrong. */
        Trouble: {
            /** @description `disk`, `sealing`, `keeping`, `recompressing`, `indexing` or `audit`. */
            area: string;
            /** @description What is wrong and what goes on meanwhile. */
            what: string;
        };
        /** @description An upload. */
        Upload: {
            id: string;
        };
        /** @description What became of a file. */
        UploadOutcome: {
            /** @description Why, in words. */
            detail?: string | null;
            /** @description Its id in quarantine. */
            id?: string | null;
            /** @description `stored`, `alreadyHeld`, `conflict`, `quarantined`, `refused` or `ignored`. */
            outcome: string;
            /** @description Why, as a code. */
            reason?: string | null;
            /** @description Its series. */
            seriesInstanceUid?: string | null;
            /** @description SHA-256 of its bytes. */
            sha256?: string | null;
            /** @description Its own UID. */
            sopInstanceUid?: string | null;
            /** @description The exam it belongs to. */
            studyInstanceUid?: string | null;
        };
        /** @description What arrived so far. */
        UploadState: {
            files: components["schemas"]["UploadedFile"][];
        };
        /** @description The sum of an upload. */
        UploadSummary: {
            /** Format: int64 */
            alreadyHeld: number;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            conflicts: number;
            /** Format: int64 */
            files: number;
            /** Format: int64 */
            ignored: number;
            /** Format: int64 */
            quarantined: number;
            /** Format: int64 */
            refused: number;
            /** Format: int64 */
            stored: number;
            /** @description The exams it brought something of. */
            studyInstanceUids: string[];
        };
        /** @description One file of an upload. */
        UploadedFile: components["schemas"]["UploadOutcome"] & {
            path: string;
            /** Format: int64 */
            size: number;
        };
        /** @description What to verify. */
        VerifyBody: {
            /** @description Also the copies in the tier and the second copy. */
            everywhere?: boolean;
            /** @description Replace damaged copies by good ones. */
            repair?: boolean;
        };
        /** @description What waits. */
        WaitingWork: {
            /** Format: int64 */
            conflicts: number;
            /** @description Work in the background, by its kind. */
            jobs: components["schemas"]["JobsOfKind"][];
            /** Format: int64 */
            quarantined: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    put_account_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRow"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_accounts_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAccount"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRow"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_accounts_name_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_accounts_name_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_keep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_purge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PurgeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_recompress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_archive_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_attachments: {
        parameters: {
            query: {
                /** @description `patient`, `exam` or `project`. */
                subject: string;
                /** @description The Patient ID, Study Instance UID or project's name. */
                id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachmentList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_attachments: {
        parameters: {
            query: {
                /** @description `patient`, `exam` or `project`. */
                subject: string;
                /** @description The Patient ID, Study Instance UID or project's name. */
                id: string;
                /** @description The file's name, where the header X-File-Name doesn't tell it. */
                name?: string;
            };
            header?: {
                /** @description The file's name, percent-encoded */
                "X-File-Name"?: string | null;
                /** @description SHA-256 of the body */
                "X-Content-SHA256"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attachment"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full; the file was not kept */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_attachments_id_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_audit: {
        parameters: {
            query?: {
                /** @description A part of who acted, in large or small letters. */
                actor?: string;
                /** @description The action's word, such as `read`. */
                action?: string;
                /** @description A part of what it was done to: a UID, `account:ann`, `peer:pacs`. */
                object?: string;
                /** @description `done`, `refused` or `failed`. */
                outcome?: string;
                /** @description From this moment on (RFC 3339). */
                from?: string | null;
                /** @description Before this moment (RFC 3339). */
                until?: string | null;
                /** @description Only rows before this number; left out, the newest. */
                before?: number | null;
                /** @description At most this many, up to 1000; left out, 100. */
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRows"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_audit_export: {
        parameters: {
            query: {
                /** @description A part of who acted, in large or small letters. */
                actor?: string;
                /** @description The action's word, such as `read`. */
                action?: string;
                /** @description A part of what it was done to: a UID, `account:ann`, `peer:pacs`. */
                object?: string;
                /** @description `done`, `refused` or `failed`. */
                outcome?: string;
                /** @description From this moment on (RFC 3339). */
                from?: string | null;
                /** @description Before this moment (RFC 3339). */
                until?: string | null;
                format: "csv" | "ndjson";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_audit_head: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditHead"];
                };
            };
        };
    };
    post_audit_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditRecorded"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerdict"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_catalog_rebuild: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_conflicts: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_conflicts_sha256_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/dicom": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_deleted: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_exams_search: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExamSearch"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExamList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExamContents"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_exams_study: {
        parameters: {
            query?: {
                /** @description In words, without anything about the patient. */
                reason?: string;
            };
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_exams_study_instances_sop_attributes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
                sop: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attribute"][];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_exams_study_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                study: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_peers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeerList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PeerBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeerBody"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_peers_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers_name_echo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EchoBody"];
                };
            };
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers_name_fetch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferBody"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers_name_query: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueryBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatchesBody"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_peers_name_send: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferBody"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_quarantine: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantinePage"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_quarantine_id_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_quarantine_id_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_quarantine_id_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadOutcome"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_storage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Storage"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_system: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
        };
    };
    get_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
        };
    };
    post_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tokens_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_transfers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferList"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_transfers_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description It has ended already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_uploads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUpload"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_uploads_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadState"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_uploads_id_files: {
        parameters: {
            query?: {
                /** @description Its path in the folder that is uploaded, where the header X-File-Path doesn't tell it. */
                path?: string;
            };
            header?: {
                /** @description The file's path, percent-encoded */
                "X-File-Path"?: string | null;
                /** @description SHA-256 of the body */
                "X-Content-SHA256"?: string | null;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadOutcome"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The disk is full; the file was not kept */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_uploads_id_finish: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadSummary"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_uploads_id_held: {
        parameters: {
            query: {
                /** @description Series Instance UID. */
                series: string;
                /** @description SOP Instance UID. */
                instance: string;
                /** @description SHA-256 of its bytes. */
                sha256: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Held"];
                };
            };
        };
    };
}
